/// The first block of an HDF5 file (HDF5 File Format Specification, II.A), as far as the file's length goes.
enum Superblock {
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// How many bytes the whole file has by its own account, or nil when `bytes` is no superblock.
  ///
  /// A superblock too short or too new to say so promises at least what any has: 48 bytes.
  static func promisedByteCount(_ bytes: [UInt8]) -> Int? {
    guard bytes.starts(with: signature) else { return nil }
    guard bytes.count > 8 else { return 48 }
    let (sizeAt, addressAt) =
      switch bytes[8] {
      case 0: (13, 40)
      case 1: (13, 44)
      default: (9, 28)
      }
    guard bytes.count > sizeAt else { return 48 }
    let size = Int(bytes[sizeAt])
    // The end-of-file address follows two other addresses; written here for offsets of 8 bytes.
    let start = addressAt - 2 * (8 - size)
    guard (1...8).contains(size), start >= 0, start + size <= bytes.count else { return 48 }
    let address = bytes[start..<start + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(clamping: address)
  }
}

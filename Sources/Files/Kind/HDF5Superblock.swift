import Encoding

/// The first block of an HDF5 file (HDF5 File Format Specification, II.A), as far as the file's length goes.
enum HDF5Superblock {
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  /// No superblock is longer up to its end-of-file address.
  static let byteCount = 64

  /// Where a superblock may stand besides 0: behind a user's block of 512 bytes, 1024, 2048...
  static func places(fileByteCount: Int) -> some Sequence<Int> {
    sequence(first: 512) { $0 * 2 }.prefix { $0 < fileByteCount }
  }

  /// How many bytes the whole file has by its own account, or nil when `bytes`, found at `offset`, are no superblock.
  ///
  /// A superblock too short, too new or too strange to say so promises at least what any has: 48 bytes.
  static func promisedByteCount(_ bytes: Span<UInt8>, at offset: Int) -> Int? {
    guard bytes.count >= 8, signature.indices.allSatisfy({ bytes[$0] == signature[$0] }) else { return nil }
    let least = offset + 48
    guard bytes.count > 8, bytes[8] < 4 else { return least }
    // The width of an address, and where the first of three stands: the file's base, another, its end.
    let (widthAt, start) = [(13, 24), (13, 28), (9, 12), (9, 12)][Int(bytes[8])]
    guard bytes.count > widthAt else { return least }
    let width = Int(bytes[widthAt])
    guard [2, 4, 8].contains(width), start + 3 * width <= bytes.count else { return least }
    func address(_ index: Int) -> Int? {
      let first = start + index * width
      return Int(exactly: UInt64(littleEndian: bytes.copy(first..<first + width)[...]))
    }
    guard let base = address(0), let end = address(2) else { return least }
    // A file before which something was put says where it once began.
    let (promised, overflow) = end.addingReportingOverflow(offset - base)
    return overflow || promised <= offset ? least : promised
  }
}

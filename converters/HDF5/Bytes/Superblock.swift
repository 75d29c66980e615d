/// The first block of an HDF5 file (HDF5 File Format Specification, II.A): how long the file is and where its root
/// group lies.
struct Superblock {
  let sizes: FieldSizes
  /// Where the superblock was found; all addresses count from there.
  let base: Int
  /// The end-of-file address, counted from the start of the file.
  let end: Int
  /// The root group's object header.
  let root: Int
  /// The object header of the superblock's extension.
  let extensionAddress: Int?

  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  /// No superblock is longer: version 1 with fields of 8 bytes.
  private static let largestByteCount = 100

  /// Where a superblock may stand: at 0, or behind a user's block of 512 bytes, 1024, 2048...
  private static func places(fileByteCount: Int) -> some Sequence<Int> {
    sequence(first: 0) { $0 == 0 ? 512 : $0 * 2 }.prefix { $0 == 0 || $0 < fileByteCount }
  }

  private static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: signature) }

  /// Reads the superblock of a file, wherever it stands.
  static func find(in source: ByteSource, verifiesChecksums: Bool) throws(FormatError) -> Superblock {
    for offset in places(fileByteCount: source.byteCount) {
      let bytes = try source.bytes(at: offset, count: min(largestByteCount, source.byteCount - offset))
      if begins(bytes) { return try Superblock(bytes, at: offset, verifiesChecksums) }
    }
    throw .damaged("no superblock is in it")
  }

  /// Reads the superblock that was found at `offset`.
  private init(_ bytes: [UInt8], at offset: Int, _ verifiesChecksums: Bool) throws(FormatError) {
    let beginning = try Beginning(bytes, at: offset, verifiesChecksums)
    var fields = beginning.fields
    if beginning.version < 2 {
      guard try fields.optionalAddress() == nil else { throw .refused("a file that is spread over several") }
      // The root is an entry of a symbol table: a name, which it does not have, and an address.
      try fields.skip(beginning.fields.sizes.offsets)
      (root, extensionAddress) = (try fields.requiredAddress(), nil)
    } else {
      (root, extensionAddress) = (try fields.requiredAddress(), beginning.second)
      try fields.checksum()
      guard beginning.version < 3 || !beginning.isOpen else {
        throw fields.damaged("the program that wrote it never closed it")
      }
    }
    (sizes, base, end) = (beginning.fields.sizes, offset, beginning.end)
  }
}

/// The superblock up to the end-of-file address, which all versions have alike.
private struct Beginning {
  let version: Int
  let isOpen: Bool
  /// Counted from the start of the file.
  let end: Int
  /// The second address: version 2 has that of its extension there.
  let second: Int?
  /// What follows.
  let fields: Cursor

  init(_ bytes: [UInt8], at offset: Int, _ verifiesChecksums: Bool = true) throws(FormatError) {
    var start = Cursor(bytes[...], "superblock", at: offset, sizes: FieldSizes(offsets: 8, lengths: 8))
    try start.skip(8)
    version = try start.version(0...3)
    if version < 2 { try start.skip(4) }
    let sizes = FieldSizes(
      offsets: Int(try start.byte()), lengths: Int(try start.byte()), verifiesChecksums: verifiesChecksums)
    guard [2, 4, 8].contains(sizes.offsets), [2, 4, 8].contains(sizes.lengths) else {
      let found = "addresses of \(sizes.offsets) bytes and lengths of \(sizes.lengths)"
      // The format has those, too; no program writes them.
      let others = [2, 4, 8, 16, 32]
      guard others.contains(sizes.offsets), others.contains(sizes.lengths) else {
        throw start.damaged("\(found); expected 8")
      }
      throw .refused(found)
    }
    var fields = Cursor(bytes[...], "superblock", at: offset, sizes: sizes)
    try fields.skip(start.position)
    isOpen = version >= 2 ? try fields.byte() & 1 != 0 : false
    try fields.skip([9, 13, 0, 0][version])
    let stated = try fields.requiredAddress()
    second = try fields.optionalAddress()
    let statedEnd = try fields.requiredAddress()
    // A file before which something was put says where it once began.
    let (end, overflow) = statedEnd.addingReportingOverflow(offset - stated)
    guard !overflow, end > offset else { throw fields.damaged("the file ends at byte \(statedEnd.grouped)") }
    (self.end, self.fields) = (end, fields)
  }
}

import Encoding

/// A file in a zip archive, as the archive's central directory describes it.
package struct ZipMember: Hashable, Sendable {
  /// With `/` between folders; never absolute, never with `..`. Bytes that are not UTF-8 stay what they are (``FileName``),
  /// whatever the archive says of their encoding. Programs for Windows have written `\` between folders, which is read as they
  /// meant it.
  package let name: String
  /// Unpacked.
  package let byteCount: Int
  /// As it lies in the archive.
  package let packedByteCount: Int
  /// CRC-32 of the contents.
  package let checksum: UInt32
  /// How it is packed: 0 for not at all, 8 for DEFLATE; the others are not read.
  let method: UInt16
  /// Bits that say how the rest is to be read (APPNOTE 4.4.4).
  let flags: UInt16
  /// Whether it is a symbolic link, whose contents are the path that it leads to.
  let isLink: Bool
  /// Where its local header begins.
  let offset: Int
  /// Where its name stands in the directory.
  let nameRange: Range<Int>
  /// Where the next member, or the directory, begins.
  var end = 0

  /// Whether it stands for a folder.
  package var isFolder: Bool { name.utf8.last == UInt8(ascii: "/") }

  /// Whether a password is needed.
  var isEncrypted: Bool { flags & 0x2041 != 0 }
  /// Whether sizes and checksum stand behind the contents, not before them.
  var hasDescriptor: Bool { flags & 8 != 0 }

  /// How it is packed, in words.
  var methodName: String {
    switch method {
    case 0: "not packed"
    case 8: "packed by DEFLATE"
    case 9: "packed by Deflate64"
    case 12: "packed by bzip2"
    case 14: "packed by LZMA"
    case 93: "packed by Zstandard"
    case 95: "packed by xz"
    case 99: "encrypted by AES"
    default: "packed by method \(method)"
    }
  }
}

extension ZipMember {
  /// Unix and macOS, which keep the mode of a file among its attributes (APPNOTE 4.4.2).
  private static let systemsWithLinks = [3, 19]
  /// MS-DOS and Windows, where no name of a file has a `\`.
  private static let systemsWithBackslashes = [0, 10, 11, 14]

  /// What is wrong with a directory's entry.
  enum Defect: Error { case cutShort, noEntry, impossibleNumber }

  /// Reads the next entry of a central directory (APPNOTE 4.3.12), which lies at `directory` in the archive.
  init(_ cursor: inout ByteCursor, directory: Int) throws(Defect) {
    var entry = cursor
    guard cursor.take(46) != nil else { throw .cutShort }
    guard entry.number(UInt32.self) == 0x0201_4B50 else { throw .noEntry }
    let system = (entry.uint16() ?? 0) >> 8
    _ = entry.take(2)
    let (flags, method) = (entry.number(UInt16.self) ?? 0, entry.number(UInt16.self) ?? 0)
    _ = entry.take(4)
    let checksum = entry.number(UInt32.self) ?? 0
    let (packed, unpacked) = (entry.uint32() ?? 0, entry.uint32() ?? 0)
    let lengths = (name: entry.uint16() ?? 0, extra: entry.uint16() ?? 0, comment: entry.uint16() ?? 0)
    let disk = entry.uint16() ?? 0
    _ = entry.take(2)
    let attributes = entry.uint32() ?? 0
    let offset = entry.uint32() ?? 0
    let nameStart = directory + cursor.position
    guard let name = cursor.take(lengths.name), let extra = cursor.take(lengths.extra),
      cursor.take(lengths.comment) != nil
    else { throw .cutShort }
    var long = LongNumbers(extra: Array(extra))
    guard let byteCount = long.value(of: unpacked), let packedByteCount = long.value(of: packed),
      let start = long.value(of: offset), disk == 0 || disk == 0xFFFF
    else { throw .impossibleNumber }
    self.init(
      name: Self.text(of: Array(name), system: system), byteCount: byteCount,
      packedByteCount: packedByteCount,
      checksum: checksum, method: method, flags: flags,
      isLink: Self.systemsWithLinks.contains(system) && attributes >> 28 == 0xA, offset: start,
      nameRange: nameStart..<nameStart + lengths.name)
  }
}

extension ZipMember {
  /// A name as text; `\` counts as `/` only in a name without any, of a system whose files have none.
  private static func text(of name: [UInt8], system: Int) -> String {
    let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
    let isForeign = systemsWithBackslashes.contains(system) && !name.contains(slash)
    return FileName.text(of: isForeign ? name.map { $0 == backslash ? slash : $0 } : name)
  }
}

/// The numbers of 8 bytes that stand in a zip64 extra field for those that 4 bytes cannot hold (APPNOTE 4.5.3).
struct LongNumbers {
  private var field: ByteCursor?

  init(extra: [UInt8]) {
    var cursor = ByteCursor(extra)
    while let identifier = cursor.uint16(), let size = cursor.uint16(), let content = cursor.take(size) {
      if identifier == 1 { field = ByteCursor(Array(content)) }
    }
  }

  /// The number itself, or the next long one where it says so.
  mutating func value(of short: Int) -> Int? { short == 0xFFFF_FFFF ? field?.uint64() : short }
}

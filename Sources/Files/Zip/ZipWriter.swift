import Encoding

/// Writes a zip archive member by member: stored as they are, in order, each at an offset that suits whoever maps the file. The same
/// members give the same bytes.
package struct ZipWriter {
  private let sink: FileSink
  private var directory: [UInt8] = []
  private var count = 0
  private var end = 0

  /// 1980-01-01, the first day that the format knows.
  private static let noTime: [UInt8] = [0, 0, 0x21, 0]
  /// Names are in UTF-8.
  private static let flags: UInt16 = 0x0800
  /// Of a field that says where its member begins; the number is Android's.
  private static let alignmentField: UInt16 = 0xD935
  /// What a field of 32 bits can have.
  private static let most = 0xFFFF_FFFE

  /// - Parameter sink: empty; nobody else writes to it.
  package init(_ sink: FileSink) { self.sink = sink }

  /// Appends a member.
  ///
  /// - Parameters:
  ///   - name: its path in the archive.
  ///   - byteCount: as many bytes as `contents` will write.
  ///   - alignment: its first byte lies at a multiple of this.
  ///   - contents: is given what writes the next bytes.
  /// - Throws: ``FileError``, and what `contents` throws.
  package mutating func add(
    _ name: String, byteCount: Int, alignment: Int = 1, _ contents: ((RawSpan) throws -> Void) throws -> Void
  ) throws {
    let start = end
    let isLarge = byteCount > Self.most
    let sizes =
      isLarge ? Self.field(1, [UInt64(byteCount), UInt64(byteCount)].flatMap(\.littleEndianBytes)) : []
    let padding = Self.padding(from: start + 30 + name.utf8.count + sizes.count, to: alignment)
    let size = UInt32(isLarge ? 0xFFFF_FFFF : byteCount).littleEndianBytes
    let facts =
      UInt16(isLarge ? 45 : 20).littleEndianBytes + Self.flags.littleEndianBytes + [0, 0] + Self.noTime
    let names = UInt16(name.utf8.count).littleEndianBytes
    try write(
      UInt32(0x0403_4B50).littleEndianBytes + facts + [0, 0, 0, 0] + size + size + names
        + UInt16(sizes.count + padding.count).littleEndianBytes + Array(name.utf8) + sizes + padding)
    var (checksum, written) = (CRC32(), 0)
    try contents { bytes in
      checksum.update(bytes)
      written += bytes.byteCount
      try sink.write(bytes)
    }
    precondition(written == byteCount, "ZipWriter: \(name) has \(written) bytes, \(byteCount) were announced")
    end += written
    try checksum.value.littleEndianBytes.withRawSpan { (bytes) throws(FileError) in
      try sink.overwrite(bytes, at: start + 14)
    }
    addRecord(name, facts, checksum.value, byteCount: byteCount, start: start)
  }

  /// Appends a member that is in memory.
  package mutating func add(_ name: String, _ bytes: [UInt8]) throws {
    try add(name, byteCount: bytes.count) { write in try bytes.withRawSpan { try write($0) } }
  }

  /// Writes the directory: nothing may come after it.
  ///
  /// - Parameter comment: what programs pass over that read members, in UTF-8; at most 65,535 bytes.
  package mutating func finish(comment: String = "") throws(FileError) {
    precondition(comment.utf8.count <= 0xFFFF, "ZipWriter: a comment of \(comment.utf8.count) bytes")
    let (start, size) = (end, directory.count)
    try write(directory)
    if start > Self.most || count > 0xFFFE { try writeLargeEnd(start: start, size: size) }
    let number = UInt16(min(count, 0xFFFF)).littleEndianBytes
    try write(
      UInt32(0x0605_4B50).littleEndianBytes + [0, 0, 0, 0] + number + number
        + UInt32(min(size, 0xFFFF_FFFF)).littleEndianBytes
        + UInt32(start > Self.most ? 0xFFFF_FFFF : start).littleEndianBytes
        + UInt16(comment.utf8.count).littleEndianBytes + Array(comment.utf8))
  }

  private mutating func addRecord(
    _ name: String, _ facts: [UInt8], _ checksum: UInt32, byteCount: Int, start: Int
  ) {
    let (isLarge, isFar) = (byteCount > Self.most, start > Self.most)
    let sizes = isLarge ? [UInt64(byteCount), UInt64(byteCount)] : []
    let numbers = sizes + (isFar ? [UInt64(start)] : [])
    let large = numbers.isEmpty ? [] : Self.field(1, numbers.flatMap(\.littleEndianBytes))
    let size = UInt32(isLarge ? 0xFFFF_FFFF : byteCount).littleEndianBytes
    directory += UInt32(0x0201_4B50).littleEndianBytes + [45, 0] + facts + checksum.littleEndianBytes
    directory += size + size + UInt16(name.utf8.count).littleEndianBytes
    directory += UInt16(large.count).littleEndianBytes + [UInt8](repeating: 0, count: 10)
    directory += UInt32(isFar ? 0xFFFF_FFFF : start).littleEndianBytes + Array(name.utf8) + large
    count += 1
  }

  private mutating func writeLargeEnd(start: Int, size: Int) throws(FileError) {
    let place = UInt64(start + size)
    let numbers = [UInt64(count), UInt64(count), UInt64(size), UInt64(start)].flatMap(\.littleEndianBytes)
    try write(
      UInt32(0x0606_4B50).littleEndianBytes + UInt64(44).littleEndianBytes + [45, 0, 45, 0]
        + [UInt8](repeating: 0, count: 8) + numbers)
    try write(
      UInt32(0x0706_4B50).littleEndianBytes + [0, 0, 0, 0] + place.littleEndianBytes + [1, 0, 0, 0])
  }

  private mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withRawSpan { (bytes) throws(FileError) in try sink.write(bytes) }
    end += bytes.count
  }

  private static func field(_ identifier: UInt16, _ bytes: [UInt8]) -> [UInt8] {
    identifier.littleEndianBytes + UInt16(bytes.count).littleEndianBytes + bytes
  }

  /// A field after which a member begins at a multiple of `alignment`; nothing where there is nothing to do.
  private static func padding(from place: Int, to alignment: Int) -> [UInt8] {
    guard alignment > 1, !place.isMultiple(of: alignment) else { return [] }
    let least = place + 6
    let end = (least + alignment - 1) / alignment * alignment
    return field(
      alignmentField,
      UInt16(alignment).littleEndianBytes + [UInt8](repeating: 0, count: end - least))
  }
}

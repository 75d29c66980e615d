import Encoding

/// What is believed of a zip archive; anything beyond is refused before memory is taken for it.
package struct ZipLimits: Sendable {
  package var memberCount = 1 << 22
  package var nameByteCount = 1 << 12

  package static let standard = ZipLimits()
}

/// Finds and reads the list of members at the end of a zip archive (APPNOTE 4.3.6 and on).
struct ZipDirectory {
  private let archive: FileBytes
  private let limits: ZipLimits

  init(_ archive: FileBytes, limits: ZipLimits) { (self.archive, self.limits) = (archive, limits) }

  /// Where the directory lies and how many members it lists.
  private struct Location {
    var memberCount: Int
    var size: Int
    var offset: Int
    /// Where the record begins that says so.
    var record: Int
    var comment: [UInt8] = []
  }

  /// All members, in the directory's order, where each path (``key(of:)``) is among them, and the archive's comment.
  func contents() throws(FileError) -> (members: [ZipMember], positions: [[UInt8]: Int], comment: [UInt8]) {
    let short = try endRecord()
    let location = try longLocation(short) ?? short
    let (end, overflow) = location.offset.addingReportingOverflow(location.size)
    guard !overflow, end == location.record else {
      throw damaged(
        "its directory ends at byte \((overflow ? Int.max : end).grouped) by its own account, but at byte"
          + " \(location.record.grouped) it is told to end")
    }
    try require(location.memberCount, atMost: limits.memberCount, "members")
    try require(location.memberCount, atMost: location.size / 46, "members in so short a directory")
    var cursor = ByteCursor(try archive.bytes(at: location.offset, count: location.size))
    var members: [ZipMember] = []
    members.reserveCapacity(location.memberCount)
    for _ in 0..<location.memberCount { members.append(try member(&cursor, location.offset)) }
    guard cursor.remaining == 0 else {
      throw damaged(
        "its directory has \(counted(members.count, "member")) by its own account, but \(cursor.remaining.grouped)"
          + " bytes more")
    }
    let positions = try positions(of: members)
    try place(&members, before: location.offset)
    return (members, positions, short.comment)
  }

  private func member(_ cursor: inout ByteCursor, _ directory: Int) throws(FileError) -> ZipMember {
    do throws(ZipMember.Defect) { return try ZipMember(&cursor, directory: directory) } catch {
      switch error {
      case .cutShort: throw damaged("its directory ends within a member")
      case .noEntry: throw damaged("its directory lists something that is no member")
      case .impossibleNumber: throw damaged("its directory has a member with an impossible size or place")
      }
    }
  }

  /// The record at the end of the file: 22 bytes and a comment of at most 65,535.
  private func endRecord() throws(FileError) -> Location {
    let start = max(0, archive.byteCount - 22 - 0xFFFF)
    let bytes = try archive.bytes(at: start, count: archive.byteCount - start)
    var surplus: Int?
    for position in stride(from: bytes.count - 22, through: 0, by: -1) where bytes[position] == 0x50 {
      var record = ByteCursor(bytes, at: position)
      guard record.number(UInt32.self) == 0x0605_4B50 else { continue }
      let (disk, directoryDisk) = (record.uint16() ?? 0, record.uint16() ?? 0)
      let (here, total) = (record.uint16() ?? 0, record.uint16() ?? 0)
      let (size, offset) = (record.uint32() ?? 0, record.uint32() ?? 0)
      guard let comment = record.uint16() else { continue }
      guard record.remaining == comment else {
        surplus = surplus ?? record.remaining - comment
        continue
      }
      guard [0, 0xFFFF].contains(disk), [0, 0xFFFF].contains(directoryDisk), here == total else {
        throw .unsupported(
          place: archive.name, what: "a part of a split zip archive", advice: "join its parts first")
      }
      return Location(
        memberCount: total, size: size, offset: offset, record: start + position,
        comment: Array(bytes[(bytes.count - comment)...]))
    }
    guard let surplus, surplus > 0 else {
      throw damaged("a zip archive without an end: it is cut short")
    }
    throw damaged("a zip archive with \(surplus.grouped) bytes behind its end, where none were expected")
  }

  /// The same from the record of zip64, where there is one.
  private func longLocation(_ short: Location) throws(FileError) -> Location? {
    guard short.record >= 20 else { return nil }
    var locator = ByteCursor(try archive.bytes(at: short.record - 20, count: 20))
    guard locator.number(UInt32.self) == 0x0706_4B50 else { return nil }
    _ = locator.take(4)
    guard let position = locator.uint64(), position >= 0, position == short.record - 20 - 56,
      case var record = ByteCursor(try archive.bytes(at: position, count: 56)),
      record.number(UInt32.self) == 0x0606_4B50
    else { throw damaged("the end of its long directory is not where it is told to be") }
    _ = record.take(20)
    guard let here = record.uint64(), let count = record.uint64(), here == count, count >= 0,
      let size = record.uint64(), size >= 0, let offset = record.uint64(), offset >= 0
    else { throw damaged("its long directory has impossible numbers") }
    let agree = [
      (short.memberCount, count, 0xFFFF), (short.size, size, 0xFFFF_FFFF),
      (short.offset, offset, 0xFFFF_FFFF),
    ]
    .allSatisfy { short, long, most in short == long || short == most }
    guard agree else { throw damaged("its two directories, the short one and the long one, do not agree") }
    return Location(memberCount: count, size: size, offset: offset, record: position)
  }

  /// Refuses names that no honest archive has: those that lead out of the folder the archive would be unpacked in, those
  /// that no file has, and those that are there twice, however their paths are written.
  private func positions(of members: [ZipMember]) throws(FileError) -> [[UInt8]: Int] {
    var positions: [[UInt8]: Int] = [:]
    positions.reserveCapacity(members.count)
    for (position, member) in members.enumerated() {
      try require(member.nameRange.count, atMost: limits.nameByteCount, "bytes of a name")
      if let problem = MemberName.problem(with: member.name) { throw refused(member, problem) }
      if let first = positions.updateValue(position, forKey: Self.key(of: member.name)) {
        throw refused(member, Self.repetition(of: member.name, members[first].name))
      }
    }
    return positions
  }

  /// The bytes by which a name is found: those of its path without empty parts and dots, and a slash if it is a folder's. Texts
  /// that look alike are equal, names are not.
  static func key(of name: String) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    return Array(PackedFolders.normalised(name).utf8) + (name.utf8.last == slash ? [slash] : [])
  }

  private static func repetition(of name: String, _ other: String) -> String {
    name.utf8.elementsEqual(other.utf8)
      ? "one member of this name was expected, there are two"
      : "one member of this path was expected, there are two; the other is called \(other.printable)"
  }

  /// Notes where every member ends, and refuses sizes that cannot be true.
  private func place(_ members: inout [ZipMember], before directory: Int) throws(FileError) {
    var end = directory
    for index in members.indices.sorted(by: { members[$0].offset > members[$1].offset }) {
      let member = members[index]
      let header = 30 + member.nameRange.count
      guard member.offset >= 0, member.packedByteCount >= 0, member.byteCount >= 0,
        member.offset <= end - header,
        member.packedByteCount <= end - header - member.offset
      else {
        throw refused(
          member,
          "\(member.packedByteCount.grouped) bytes from byte \(member.offset.grouped) on, but what follows begins at"
            + " byte \(end.grouped)")
      }
      let most = member.method == 0 ? member.packedByteCount : Self.mostUnpacked(member.packedByteCount)
      let least = member.method == 0 ? most : 0
      guard least...most ~= member.byteCount || ![0, 8].contains(member.method) else {
        throw refused(
          member,
          "\(member.byteCount.grouped) bytes by the directory's account, but its \(member.packedByteCount.grouped)"
            + " packed bytes (\(member.methodName)) make at most \(most.grouped)")
      }
      members[index].end = end
      end = member.offset
    }
  }

  /// DEFLATE makes nothing smaller than 1032 to 1, as zlib's documentation derives.
  private static func mostUnpacked(_ packed: Int) -> Int {
    let (most, overflow) = packed.multipliedReportingOverflow(by: 1032)
    return overflow ? .max : most
  }

  private func require(_ found: Int, atMost limit: Int, _ what: String) throws(FileError) {
    guard found <= limit else {
      throw .overLimit(place: archive.name, what: what, limit: limit, found: found)
    }
  }

  private func damaged(_ reason: String) -> FileError { .damaged(place: archive.name, reason: reason) }

  private func refused(_ member: ZipMember, _ reason: String) -> FileError {
    .damaged(place: "\(archive.name)/\(member.name.printable)", reason: reason)
  }
}

import Encoding

/// Goes from header to header through a tar archive, which has no list of its members.
struct TarDirectory {
  /// What headers ahead of a member's own say of it.
  private struct Announcement {
    var longName: [UInt8]?
    var records: PaxRecords?
  }

  private let archive: FileBytes
  private let limits: ZipLimits
  private var position = 0
  private var block = [UInt8](repeating: 0, count: TarHeader.byteCount)

  init(_ archive: FileBytes, limits: ZipLimits = .standard) {
    (self.archive, self.limits) = (archive, limits)
  }

  /// All members in the archive's order.
  mutating func members() throws(FileError) -> [TarMember] {
    var members: [TarMember] = []
    var announcement = Announcement()
    while let header = try nextHeader() {
      switch header.type {
      case UInt8(ascii: "L"):
        announcement.longName = Array(
          try contents(header.size, atMost: limits.nameByteCount + 1).prefix { $0 != 0 })
      case UInt8(ascii: "x"), UInt8(ascii: "X"): announcement.records = try records(header)
      case UInt8(ascii: "g"):
        guard try records(header).isEmpty else {
          throw damaged("it gives all its members one path or one size")
        }
      // The path of a link, and the name of the tape.
      case UInt8(ascii: "K"), UInt8(ascii: "V"): try skip(header.size)
      default:
        members.append(try member(header, announcement))
        announcement = Announcement()
        guard members.count <= limits.memberCount else {
          throw .overLimit(
            place: archive.name, what: "members", limit: limits.memberCount, found: members.count)
        }
      }
    }
    return members
  }

  /// The member that a header stands ahead of; what it holds is passed over.
  private mutating func member(
    _ header: TarHeader, _ announcement: Announcement
  ) throws(FileError) -> TarMember {
    let bytes = announcement.records?.path ?? announcement.longName ?? header.name
    guard bytes.count <= limits.nameByteCount else {
      throw .overLimit(
        place: archive.name, what: "bytes of a name", limit: limits.nameByteCount, found: bytes.count)
    }
    let name = FileName.text(of: bytes)
    if let problem = MemberName.problem(with: name) {
      throw .damaged(place: "\(archive.name)/\(name.printable)", reason: problem)
    }
    var kind = TarMember.kind(of: header.type, isNamedAsFolder: name.utf8.last == UInt8(ascii: "/"))
    if announcement.records?.isSparse == true { kind = .special }
    if header.type == UInt8(ascii: "S"), header.isExtended { try skipSparseMap() }
    let size = TarMember.hasContents(header.type) ? announcement.records?.size ?? header.size : 0
    let start = position
    do throws(FileError) { try skip(size) } catch {
      throw .damaged(
        place: "\(archive.name)/\(name.printable)",
        reason:
          "\(size.grouped) bytes from byte \(start.grouped) on were expected, but the archive ends at byte"
          + " \(archive.byteCount.grouped): it is cut short")
    }
    return TarMember(name: name, kind: kind, start: start, byteCount: size)
  }

  /// The next header; nil at the end, a block of zeros, behind which nothing else may be.
  private mutating func nextHeader() throws(FileError) -> TarHeader? {
    guard archive.byteCount - position >= TarHeader.byteCount else {
      throw damaged(
        "a block of zeros was expected at its end, but it ends at byte \(archive.byteCount.grouped) without one: it is"
          + " cut short")
    }
    try readBlock()
    guard block.contains(where: { $0 != 0 }) else {
      try requireZeros()
      return nil
    }
    do throws(TarHeader.Defect) { return try TarHeader(block) } catch {
      let place = "byte \((position - TarHeader.byteCount).grouped)"
      switch error {
      case .checksum(let expected, let found):
        throw damaged(
          "a header was expected at \(place), but its checksum is not that of its bytes; expected"
            + " \(expected.map(\.grouped) ?? "a number"), found \(found.grouped)")
      case .size: throw damaged("its header at \(place) has an impossible size")
      }
    }
  }

  private mutating func readBlock() throws(FileError) {
    let start = position
    let archive = archive
    try block.withMutableRawSpan { (target) throws(FileError) in try archive.read(at: start, into: &target) }
    position += TarHeader.byteCount
  }

  /// Archives that were joined would lose all but the first.
  private func requireZeros() throws(FileError) {
    let rest = try archive.part(position..<archive.byteCount, name: archive.name)
    let areZeros = try rest.forEachPiece { (piece: RawSpan) throws(FileError) -> Bool in
      [UInt8](piece, atMost: piece.byteCount).allSatisfy { $0 == 0 }
    }
    guard areZeros else {
      throw .unsupported(
        place: archive.name, what: "bytes that follow the archive's end at byte \(position.grouped)",
        advice: "of archives that were joined in one file, name each by itself")
    }
  }

  private mutating func records(_ header: TarHeader) throws(FileError) -> PaxRecords {
    guard let records = PaxRecords(try contents(header.size, atMost: Self.mostRecordBytes)) else {
      throw damaged("its extended header before byte \(position.grouped) is none")
    }
    return records
  }

  /// What follows a header, which is to be kept.
  private mutating func contents(_ size: Int, atMost limit: Int) throws(FileError) -> [UInt8] {
    guard size <= limit else {
      throw .overLimit(place: archive.name, what: "bytes of a header", limit: limit, found: size)
    }
    let start = position
    try skip(size)
    return try archive.bytes(at: start, count: size)
  }

  /// Goes on behind `size` bytes, which all must be there, and the rest of their last block.
  private mutating func skip(_ size: Int) throws(FileError) {
    guard size <= archive.byteCount - position else {
      throw damaged("it ends at byte \(archive.byteCount.grouped), within a member: it is cut short")
    }
    let padding = (TarHeader.byteCount - size % TarHeader.byteCount) % TarHeader.byteCount
    position += min(size + padding, archive.byteCount - position)
  }

  /// Blocks between the header of a sparse file of GNU tar and its contents.
  private mutating func skipSparseMap() throws(FileError) {
    repeat {
      guard archive.byteCount - position >= TarHeader.byteCount else {
        throw damaged("it ends within the map of a sparse file: it is cut short")
      }
      try readBlock()
    } while block[504] != 0
  }

  private func damaged(_ reason: String) -> FileError { .damaged(place: archive.name, reason: reason) }

  /// Extended headers also keep what macOS and other systems know of a file.
  private static let mostRecordBytes = 1 << 20
}

import Encoding

/// A zip archive read in place: its members by name, each lent or unpacked when it is asked for, none written to the disk.
///
/// Stored and deflated members are read, zip64 too; encrypted ones and other ways of packing are refused by name. What
/// misleads (names that lead out or are there twice, members that overlap, sizes that cannot be true, bytes behind the end)
/// is refused when the archive is opened. The central directory is believed; what stands before a member must agree with it,
/// which is looked at when the archive is opened or, on request, when the member is read.
package struct ZipArchive: Sendable {
  /// In the order of the archive's directory.
  package let members: [ZipMember]
  /// Where a member is among them, by ``ZipDirectory/key(of:)``.
  private let positions: [[UInt8]: Int]
  private let archive: FileBytes
  /// What stands behind the directory, which belongs to no member.
  package let comment: [UInt8]

  /// - Parameter checksHeaders: whether what stands before the members is looked at now, not when one is read.
  /// - Complexity: O(members); what they hold is not read.
  package init(
    _ archive: FileBytes, limits: ZipLimits = .standard, checksHeaders: Bool = true
  ) throws(FileError) {
    self.archive = archive
    (members, positions, comment) = try ZipDirectory(archive, limits: limits).contents()
    guard checksHeaders else { return }
    for member in members { _ = try range(of: member) }
  }

  /// The member called `name`, or nil.
  package subscript(name: String) -> ZipMember? {
    positions[ZipDirectory.key(of: name)].map { members[$0] }.flatMap { member in
      member.name.utf8.elementsEqual(name.utf8) ? member : nil
    }
  }

  /// A member's contents, to be read from any place: those of one that is stored as it is are a part of the archive, whose
  /// checksum nobody has looked at; others are unpacked into memory, and verified.
  ///
  /// - Parameter limit: more bytes than this are not unpacked.
  package func bytes(of member: ZipMember, atMost limit: Int) throws(FileError) -> FileBytes {
    let packed = try packed(member)
    guard member.method != 0 else { return packed }
    return FileBytes(try contents(of: member, atMost: limit), name: packed.name)
  }

  /// A member's contents in memory, verified.
  ///
  /// - Parameter limit: more bytes than this are refused before memory is taken.
  package func contents(of member: ZipMember, atMost limit: Int) throws(FileError) -> [UInt8] {
    guard member.byteCount <= limit else {
      throw .overLimit(place: place(member), what: "bytes to unpack", limit: limit, found: member.byteCount)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(member.byteCount)
    try forEachPiece(of: member) { piece in
      bytes.append(piece)
      return true
    }
    return bytes
  }

  /// Reads all of a member: its checksum must be that of the directory.
  package func verify(_ member: ZipMember) throws(FileError) { try forEachPiece(of: member) { _ in true } }

  /// Lends a member's contents piece by piece, as long as `body` returns true; the checksum is verified at the end.
  package func forEachPiece(of member: ZipMember, _ body: (RawSpan) -> Bool) throws(FileError) {
    let packed = try packed(member)
    var checksum = CRC32()
    var count = 0
    let take = { (piece: RawSpan) throws(FileError) -> Bool in
      count += piece.byteCount
      guard count <= member.byteCount else {
        throw .damaged(
          place: place(member), reason: "\(member.byteCount.grouped) bytes were expected, it unpacks to more")
      }
      checksum.update(piece)
      return body(piece)
    }
    let isWhole =
      member.method == 0
      ? try packed.forEachPiece(take) : try Inflater(.deflate, place: place(member)).unpack(packed, take)
    guard !isWhole || count == member.byteCount && checksum.value == member.checksum else {
      throw .damaged(
        place: place(member),
        reason: "its bytes are not those that were packed; expected CRC-32 \(member.checksum.hexadecimal) of"
          + " \(member.byteCount.grouped) bytes, found \(checksum.value.hexadecimal) of \(count.grouped)")
    }
  }

  /// A member's bytes as they lie in the archive.
  private func packed(_ member: ZipMember) throws(FileError) -> FileBytes {
    guard !member.isEncrypted else {
      throw .unsupported(place: place(member), what: "encrypted", advice: "unpack it with its password first")
    }
    guard member.method == 0 || member.method == 8 else {
      throw .unsupported(
        place: place(member), what: member.methodName, advice: "pack it anew with DEFLATE, or not at all")
    }
    return try archive.part(range(of: member), name: place(member))
  }

  /// Where a member's bytes lie: behind a local header (APPNOTE 4.3.7), which must agree with the directory.
  private func range(of member: ZipMember) throws(FileError) -> Range<Int> {
    var header = ByteCursor(try archive.bytes(at: member.offset, count: 30))
    let signature = header.number(UInt32.self)
    _ = header.take(2)
    let (flags, method) = (header.number(UInt16.self) ?? 0, header.number(UInt16.self) ?? 0)
    _ = header.take(4)
    let checksum = header.number(UInt32.self) ?? 0
    let (packed, unpacked) = (header.uint32() ?? 0, header.uint32() ?? 0)
    let (nameLength, extraLength) = (header.uint16() ?? 0, header.uint16() ?? 0)
    let start = member.offset + 30 + nameLength + extraLength
    guard signature == 0x0403_4B50, nameLength == member.nameRange.count,
      start <= member.end - member.packedByteCount
    else { throw disagreement(member, "what stands before it is no header of its kind") }
    guard method == member.method, flags == member.flags else {
      throw disagreement(member, "method \(method) and flags \(flags)")
    }
    let name = try archive.bytes(at: member.offset + 30, count: nameLength)
    guard try name == archive.bytes(at: member.nameRange.lowerBound, count: nameLength) else {
      throw disagreement(member, "the name \(FileName.text(of: name).printable)")
    }
    var long = LongNumbers(extra: try archive.bytes(at: member.offset + 30 + nameLength, count: extraLength))
    let sizes = (long.value(of: unpacked), long.value(of: packed))
    let agree = sizes == (member.byteCount, member.packedByteCount) && checksum == member.checksum
    guard agree || member.hasDescriptor else {
      throw disagreement(
        member, "\(unpacked.grouped) bytes, \(packed.grouped) packed, with CRC-32 \(checksum.hexadecimal)")
    }
    return start..<start + member.packedByteCount
  }

  private func disagreement(_ member: ZipMember, _ found: String) -> FileError {
    .damaged(
      place: place(member),
      reason: "expected what the directory says (\(member.methodName), flags \(member.flags),"
        + " \(member.byteCount.grouped) bytes, \(member.packedByteCount.grouped) packed, CRC-32"
        + " \(member.checksum.hexadecimal)), found \(found)")
  }

  private func place(_ member: ZipMember) -> String { "\(archive.name)/\(member.name.printable)" }
}

import Files
import HDF5

/// A weight file inside an archive that was made to send it.
enum PackedWeights {
  /// How much memory is given for what an archive unpacks to: numbers are seldom packed to a third of their size.
  static func mostUnpacked(of archive: FileBytes) -> Int {
    let (most, overflow) = archive.byteCount.multipliedReportingOverflow(by: 3)
    return overflow ? .max : most + (48 << 20)
  }

  /// What a file that gzip packed unpacks to.
  static func unzipped(_ bytes: FileBytes) throws(FileError) -> FileBytes {
    try bytes.gunzipped(atMost: mostUnpacked(of: bytes))
  }

  /// The one weight file in a zip archive; several, or none, are told by their names.
  static func only(in archive: ZipArchive, _ bytes: FileBytes) throws(KerasWeightsError) -> FileBytes {
    var found: [ZipMember] = []
    for member in archive.members.prefix(mostMembers) where !isCompanion(member.name) {
      if try readingFile({ () throws(FileError) in try isWeightFile(member, of: archive) }) {
        found.append(member)
      }
    }
    guard found.count == 1, let member = found.first else {
      let names = (found.isEmpty ? archive.members : found).prefix(8).map(\.name).joined(separator: ", ")
      let finding =
        found.isEmpty
        ? "a zip archive of \(archive.members.count) member\(archive.members.count == 1 ? "" : "s"), none of them a weight file of Keras"
          + (names.isEmpty ? "" : " (\(names))")
        : "a zip archive of \(found.count) weight files (\(names)): unpack it, and name one of them"
      throw .file(.notHDF5(path: bytes.name, finding: finding))
    }
    return try readingFile { () throws(FileError) in
      try archive.bytes(of: member, atMost: mostUnpacked(of: bytes))
    }
  }

  /// As many members are looked at.
  private static let mostMembers = 4096

  /// Folders, and what macOS puts beside the files of an archive.
  private static func isCompanion(_ name: String) -> Bool {
    name.hasSuffix("/") || name.hasPrefix("__MACOSX/")
  }

  /// By its first bytes.
  private static func isWeightFile(_ member: ZipMember, of archive: ZipArchive) throws(FileError) -> Bool {
    var head: [UInt8] = []
    try archive.forEachPiece(of: member) { piece in
      head = [UInt8](piece, atMost: FileKind.headByteCount)
      return false
    }
    switch FileKind(head: head.span, byteCount: member.byteCount) {
    case .hdf5, .model(.keras): return true
    default: return false
    }
  }
}

import Encoding

/// What kind of archive files are packed in, by its bytes.
enum PackedForm {
  case zip, tar

  /// The form of an archive; nil for anything whose members cannot be read in place.
  init?(_ bytes: FileBytes) throws(FileError) {
    let head = try bytes.head(TarHeader.byteCount)
    let isEmptyTar = try Self.isEmptyTar(bytes)
    if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if TarHeader.begins(head) || isEmptyTar {
      self = .tar
    } else {
      return nil
    }
  }

  /// The bytes of a regular file; nil for anything else, which is no archive.
  static func bytes(ofFileAt path: String) throws(FileError) -> FileBytes? {
    guard FileFacts.byteCount(of: path) != nil else { return nil }
    return try FileBytes(path: path, keepsOpen: false)
  }

  private static func isEmptyTar(_ bytes: FileBytes) throws(FileError) -> Bool {
    guard TarHeader.emptyArchiveByteCounts.contains(bytes.byteCount) else { return false }
    return try bytes.head(bytes.byteCount).allSatisfy { $0 == 0 }
  }
}

extension PackedFiles {
  /// Whether the file at `path` begins as an archive does whose members can be read in place.
  ///
  /// - Throws: for a file that cannot be opened or read, which may be one.
  package static func isArchive(_ path: String) throws(FileError) -> Bool {
    guard let bytes = try PackedForm.bytes(ofFileAt: path) else { return false }
    return try PackedForm(bytes) != nil
  }

  /// The file that a path leads through where that cannot be, unless it is an archive with something there; nil where folders end, or where
  /// something is at the path.
  package static func file(above path: String) -> String? {
    var place = path[...]
    while FileIdentity(String(place)) == nil {
      place = PackedFolders.folder(of: place)
      guard !place.isEmpty else { return nil }
    }
    return place == path[...] || FileFacts.isFolder(String(place)) ? nil : String(place)
  }

  /// The archive that `path` names or leads into, and the path inside it: `photos.zip` and `cats` of `photos.zip/cats`. Nil
  /// where something else is at `path`, or nothing.
  package static func find(_ path: String) throws(FileError) -> (archive: PackedFiles, inside: String)? {
    var place = path[...]
    while FileIdentity(String(place)) == nil {
      place = PackedFolders.folder(of: place)
      guard !place.isEmpty else { return nil }
    }
    guard let archive = try OpenArchives.archive(String(place)) else { return nil }
    return (archive, PackedFolders.normalised(String(path[place.endIndex...])))
  }

  /// Why the members of the file at `path` cannot be read in place, if it is packed as a whole, and what to do; nil for any other
  /// file.
  package static func refusal(of path: String) -> FileError? {
    guard case .container(let kind)? = (try? FileFacts(path: path))?.kind, kind != .zip, kind != .tar else {
      return nil
    }
    let ending = [".gz", ".tgz"].first(where: path.lowercased().hasSuffix)
    let command =
      switch kind {
      case .gzip:
        ending == nil ? "gunzip < '\(path)' > '\(path).tar'" : "gunzip -k '\(path)'"
      case .zip, .tar, .bzip2, .xz, .zstandard, .rar, .sevenZip: ""
      }
    return .unsupported(
      place: path, what: "packed as a whole by \(kind.rawValue), so that no member can be read by itself",
      advice: command.isEmpty
        ? "unpack it, and name what comes of it" : "unpack it once (\(command)), and name what comes of it")
  }
}

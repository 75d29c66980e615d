import Encoding

/// What a listing left out of a folder.
public struct Omissions: Hashable, Sendable {
  /// The names of hidden folders, and of those that a system keeps for itself: `.ipynb_checkpoints`, `__MACOSX`.
  public internal(set) var hiddenFolders: Set<String> = []
  /// The number of hidden files, and of those that a system keeps for itself: `._cat.jpg`, `.DS_Store`, `Thumbs.db`.
  public internal(set) var hiddenFiles = 0
  /// Links to folders that were not followed, relative to the folder that was listed.
  public internal(set) var links: [String] = []
  /// Links, devices and sparse files in an archive, which are not read, relative to the folder that was listed.
  public internal(set) var special: [String] = []
  /// The number of files that do not end as images do, by their ending in small letters without the dot; an empty one for
  /// files without an ending, whose contents are no image.
  public internal(set) var files: [String: Int] = [:]

  /// Whether nothing was left out.
  public var isEmpty: Bool {
    hiddenFolders.isEmpty && hiddenFiles == 0 && files.isEmpty && links.isEmpty && special.isEmpty
  }

  /// Whether images may be among the files: some have the ending of a kind that is not read.
  public var mayHoldImages: Bool { files.keys.contains { Self.imageEndings.contains($0) } }

  private static let imageEndings: Set = [
    "jfif", "jpe", "gif", "heic", "heif", "avif", "jp2", "jxl", "svg", "psd", "dng", "cr2", "nef",
    "arw",
    "pgm", "pbm", "pnm", "tga", "ico", "dcm", "npy",
  ]

  mutating func add(_ other: Omissions) {
    hiddenFolders.formUnion(other.hiddenFolders)
    hiddenFiles += other.hiddenFiles
    links += other.links
    special += other.special
    files.merge(other.files, uniquingKeysWith: +)
  }

  /// What was left out of a class, by names that begin with the class's.
  func inside(_ name: String) -> Omissions {
    var whole = self
    whole.links = links.map { FolderWalk.join(name, $0) }
    whole.special = special.map { FolderWalk.join(name, $0) }
    return whole
  }

  /// The files by ending, the most frequent first: `6 .webp, 3 .jfif`.
  var fileWords: String {
    let sorted = files.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(8).map {
      "\($0.value.grouped) \($0.key.isEmpty ? "without an ending" : "." + $0.key)"
    }
    let rest = sorted.dropFirst(8).reduce(0) { $0 + $1.value }
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest.grouped) others" : "")
  }

  /// What is hidden: `.ipynb_checkpoints, __MACOSX and 4 files`.
  var hiddenWords: String {
    let folders = hiddenFolders.sorted().prefix(8).joined(separator: ", ")
    let count = hiddenFiles == 0 ? "" : counted(hiddenFiles, "file")
    return [folders, count].filter { !$0.isEmpty }.joined(separator: " and ")
  }
}

extension Omissions {
  /// What one should know of it.
  func diagnostics(of place: String) -> [DatasetDiagnostic] {
    let isHiding = !hiddenFolders.isEmpty || hiddenFiles > 0
    return (isHiding ? [.hidden(place: place, omissions: self)] : [])
      + (files.isEmpty ? [] : [.passedOver(place: place, omissions: self)])
      + (links.first.map { [.unfollowedLinks(place: place, count: links.count, first: $0)] } ?? [])
      + (special.first.map { [.specialFiles(place: place, count: special.count, first: $0)] } ?? [])
  }
}

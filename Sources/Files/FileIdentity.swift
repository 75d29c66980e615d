import Foundation

/// Which file or folder a path leads to, whatever it is called: links of both kinds to one file are the same.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// What is at `path`, at the end of all links; nil where nothing is.
  public init?(_ path: String) {
    var status = stat()
    guard unsafe path.withSystemPath({ unsafe stat($0, &status) }) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// The file that is open; nil for what is none, such as a pipe.
  public init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// Whether two paths lead to one file; of files that are not there yet, whether they would.
  public static func areSame(_ first: String, _ second: String) -> Bool {
    if let one = FileIdentity(first) { return one == FileIdentity(second) }
    guard FileIdentity(second) == nil, Destination.name(of: first) == Destination.name(of: second) else {
      return false
    }
    guard let folder = FileIdentity(Destination.folder(of: first)) else { return first == second }
    return folder == FileIdentity(Destination.folder(of: second))
  }
}

/// What a run is going to write, to be held against what it reads: a result never takes the place of its source.
///
/// ```swift
/// let outputs = RunOutputs(files: ["features.npy"])
/// if let clash = outputs.clash(with: dataset.items.map(\.path)) { ... }
/// ```
public struct RunOutputs: Sendable {
  /// An output, and what it would take the place of, or come to lie among.
  public struct Clash: Hashable, Sendable {
    /// How an output and an input get into each other's way.
    public enum Relation: Hashable, Sendable {
      /// They are one file or folder.
      case same
      /// The input lies in the folder that the output is.
      case holds
      /// The output is a folder in the folder that the input is.
      case liesIn
    }

    /// The output as it was named.
    public let output: String
    /// The input, or the other output, as it was named.
    public let other: String
    /// How they get into each other's way.
    public let relation: Relation

    init(_ output: String, _ relation: Relation, _ other: String) {
      (self.output, self.other, self.relation) = (output, other, relation)
    }
  }

  private let files: [String]
  private let folders: [String]

  /// Takes paths of files that will be written, and of folders that files of any name will be written to. What stands
  /// between `{` and `}` in a file's path stands for anything.
  public init(files: [String], folders: [String] = []) {
    (self.files, self.folders) = (files, folders)
  }

  /// The first of `inputs` that would be replaced, or be a folder in which files of any name would be written; nil for none.
  ///
  /// - Complexity: O(inputs) looks at the file system where an output is there already, none otherwise.
  public func clash(with inputs: some Sequence<String>) -> Clash? {
    let patterns = files.compactMap(NamePattern.init)
    let present = Dictionary(
      (files + folders).compactMap { path in FileIdentity(path).map { ($0, path) } },
      uniquingKeysWith: { first, _ in first })
    let around = Dictionary(
      folders.flatMap { path in Self.foldersAround(path).map { ($0, path) } },
      uniquingKeysWith: { first, _ in first })
    guard !present.isEmpty || !patterns.isEmpty || !around.isEmpty else { return nil }
    var parents: [String: String?] = [:]
    for input in inputs {
      let identity = FileIdentity(input)
      if let output = identity.flatMap({ present[$0] }) { return Clash(output, .same, input) }
      if let output = identity.flatMap({ around[$0] }) { return Clash(output, .liesIn, input) }
      if let pattern = patterns.first(where: { $0.matches(input) }) {
        return Clash(pattern.path, .same, input)
      }
      let parent = Destination.folder(of: input)
      if parents[parent] == nil {
        parents[parent] = .some(
          FileIdentity(parent).flatMap { identity in
            present[identity].flatMap { folders.contains($0) ? $0 : nil }
          })
      }
      if let folder = parents[parent] ?? nil { return Clash(folder, .holds, input) }
    }
    return nil
  }

  /// The folders that the one at `path` lies in or, where it is not there yet, will; up to the root.
  private static func foldersAround(_ path: String) -> [FileIdentity] {
    var place = path
    if FileIdentity(place) != nil {
      place += "/.."
    } else {
      repeat {
        place = Destination.folder(of: place.withoutTrailingSlashes)
      } while FileIdentity(place) == nil && place != "." && place != "/."
    }
    var found: [FileIdentity] = []
    // The parent of the root is the root.
    while let identity = FileIdentity(place), found.last != identity {
      found.append(identity)
      place += "/.."
    }
    return found
  }

  /// The first two outputs that would be one file; nil for none.
  public func clash() -> Clash? {
    for (index, output) in files.enumerated() {
      if let other = files[..<index].first(where: { FileIdentity.areSame($0, output) }) {
        return Clash(output, .same, other)
      }
    }
    return nil
  }
}

/// `weights-{epoch:02d}.zoo`: a path with a part that is filled in later, with one character at least.
private struct NamePattern {
  let path: String
  private let folder: FileIdentity?
  private let start: Substring
  private let end: Substring

  init?(_ path: String) {
    let name = Destination.name(of: path)
    guard let open = name.firstIndex(of: "{"), let close = name.lastIndex(of: "}"), open < close else {
      return nil
    }
    self.path = path
    folder = FileIdentity(Destination.folder(of: path))
    start = name[..<open]
    end = name[name.index(after: close)...]
  }

  func matches(_ input: String) -> Bool {
    let name = Destination.name(of: input)
    guard name.count > start.count + end.count, name.hasPrefix(start), name.hasSuffix(end) else {
      return false
    }
    return folder != nil && folder == FileIdentity(Destination.folder(of: input))
  }
}

extension String {
  /// Without the slashes a folder's name may end with.
  fileprivate var withoutTrailingSlashes: String {
    var text = self
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    return text
  }
}

import Foundation

/// Which file or folder a path leads to, whatever it is called: links of both kinds to one file are the same.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64

  /// What is at `path`, at the end of all links; nil where nothing is.
  public init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
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
  /// An output, and what it would take the place of.
  public struct Clash: Hashable, Sendable {
    /// The output as it was named.
    public let output: String
    /// The input, or the other output, as it was named.
    public let other: String
  }

  private let files: [String]
  private let folders: [String]

  /// Takes paths of files that will be written, and of folders that files of any name will be written to. What stands
  /// between `{` and `}` in a file's path stands for anything.
  public init(files: [String], folders: [String] = []) {
    (self.files, self.folders) = (files, folders)
  }

  /// The first of `inputs` that would be replaced; nil for none.
  ///
  /// - Complexity: O(inputs) looks at the file system where an output is there already, none otherwise.
  public func clash(with inputs: some Sequence<String>) -> Clash? {
    let patterns = files.compactMap(NamePattern.init)
    let present = Dictionary(
      (files + folders).compactMap { path in FileIdentity(path).map { ($0, path) } },
      uniquingKeysWith: { first, _ in first })
    guard !present.isEmpty || !patterns.isEmpty else { return nil }
    var parents: [String: String?] = [:]
    for input in inputs {
      if let output = FileIdentity(input).flatMap({ present[$0] }) {
        return Clash(output: output, other: input)
      }
      if let pattern = patterns.first(where: { $0.matches(input) }) {
        return Clash(output: pattern.path, other: input)
      }
      let parent = Destination.folder(of: input)
      if parents[parent] == nil {
        parents[parent] = .some(
          FileIdentity(parent).flatMap { identity in
            present[identity].flatMap { folders.contains($0) ? $0 : nil }
          })
      }
      if let folder = parents[parent] ?? nil { return Clash(output: folder, other: input) }
    }
    return nil
  }

  /// The first two outputs that would be one file; nil for none.
  public func clash() -> Clash? {
    for (index, output) in files.enumerated() {
      if let other = files[..<index].first(where: { FileIdentity.areSame($0, output) }) {
        return Clash(output: output, other: other)
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

/// The networks this program knows: those built in, and those of folders given at run time.
///
/// Entries are parsed when asked for, not before.
package struct EntryCatalog: Sendable {
  /// One file of a catalog.
  package struct File: Hashable, Sendable {
    /// Relative to the catalog's folder: `<entry>/model.json`.
    package var path: String
    package var text: String

    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  /// All files by their paths.
  private var files: [String: Source] = [:]

  enum Source: Sendable {
    case embedded(EmbeddedFile)
    case text(String)

    var text: String {
      switch self {
      case .embedded(let file): file.text
      case .text(let text): text
      }
    }
  }

  /// The paths of all files that were read from folders; nothing that is built in is among them.
  package private(set) var readPaths: [String] = []

  init(files: [String: Source], readPaths: [String] = []) {
    (self.files, self.readPaths) = (files, readPaths)
  }

  /// What the program was built with.
  package static let embedded = EntryCatalog(files: EmbeddedFile.all.mapValues { .embedded($0) })

  /// This catalog and `other`; where both have an entry, all of it is `other`'s.
  package func merging(_ other: EntryCatalog) -> EntryCatalog {
    let replaced = Set(other.identifiers)
    let kept = files.filter { !replaced.contains(Self.identifier(of: $0.key)) }
    return EntryCatalog(
      files: kept.merging(other.files) { _, new in new }, readPaths: readPaths + other.readPaths)
  }

  /// The text of `networks.txt`, which has a line for each entry that is built in: what entries are compared by, to be known without
  /// reading them.
  package static var embeddedOutlines: String { EmbeddedFile.all["networks.txt"]?.text ?? "" }

  /// The names of all entries, sorted.
  package var identifiers: [String] {
    files.keys.filter { $0.hasSuffix("/" + Self.modelFile) }.map(Self.identifier(of:)).sorted()
  }

  /// The entry called `identifier`.
  package func entry(_ identifier: String) throws(CatalogError) -> CatalogEntry {
    let path = "\(identifier)/\(Self.modelFile)"
    guard let source = files[path] else {
      throw .unknownEntry(identifier, known: identifiers)
    }
    let entry = try CatalogEntry(json: source.text, file: path)
    if let problem = entry.problem(inFolder: identifier) { throw .invalidEntry([problem]) }
    return entry
  }

  /// Whether an entry is one of those that the program was built with.
  package func isBuiltIn(_ identifier: String) -> Bool {
    if case .embedded = files["\(identifier)/\(Self.modelFile)"] { true } else { false }
  }

  /// The files under `<identifier>/weights/`, by name.
  package func weightFiles(of identifier: String) -> [File] {
    let paths = files.keys.filter { $0.hasPrefix("\(identifier)/weights/") }
    return paths.sorted().compactMap { path in files[path].map { File(path: path, text: $0.text) } }
  }

  static let modelFile = "model.json"

  private static func identifier(of path: String) -> String {
    String(path.prefix { $0 != "/" })
  }
}

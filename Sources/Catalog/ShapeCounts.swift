package import Tensors

/// The shapes of a network's parameters, each with how often it is there: enough to tell, without reading the network, how much of
/// a weight file can be its.
package struct ShapeCounts: Hashable, Sendable {
  private var counts: [String: Int] = [:]
  /// How many parameters there are.
  package private(set) var total = 0

  package init(_ shapes: some Sequence<TensorShape>) {
    for shape in shapes { counts[Self.key(shape), default: 0] += 1 }
    total = counts.values.reduce(0, +)
  }

  /// How many shapes both have, in whichever order a kernel's axes stand.
  ///
  /// - Complexity: O(different shapes).
  package func countShared(with other: ShapeCounts) -> Int {
    counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) }
  }

  /// The extents, for kernels of four axes and of two in their order of size, so that all orders of axes have one key.
  private static func key(_ shape: TensorShape) -> String {
    var extents = shape.rank == 4 || shape.rank == 2 ? shape.dimensions.sorted() : shape.dimensions
    // One number a channel, whether axes of 1 stand behind it or not.
    if shape.rank == 3, extents.suffix(2) == [1, 1] { extents.removeLast(2) }
    return extents.map(String.init).joined(separator: "x")
  }
}

extension ShapeCounts {
  /// As a line of `shapes.txt` has it: `64*4 3x3x3x64`.
  package var text: String {
    counts.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
      .map { $0.value == 1 ? $0.key : "\($0.key)*\($0.value)" }.joined(separator: " ")
  }

  /// Reads what ``text`` writes.
  init(text: Substring) {
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "*")
      counts[String(parts[0]), default: 0] += parts.count == 2 ? Int(parts[1]) ?? 0 : 1
    }
    total = counts.values.reduce(0, +)
  }
}

extension EntryCatalog {
  /// The file beside the entries that has the shapes of each, for those that are built in.
  static let shapesFile = "shapes.txt"

  /// The text of `shapes.txt`: a line an entry, its name and its shapes.
  package func shapesText() throws(CatalogError) -> String {
    var text = ""
    for identifier in identifiers {
      let entry = try entry(identifier)
      text += "\(identifier): \(try ShapeCounts(entry, variant: nil).text)\n"
      for variant in entry.variants where variant.framework != .keras {
        let name = "\(identifier) \(variant.framework.rawValue) \(variant.name)"
        text += "\(name): \(try ShapeCounts(entry, variant: variant.name).text)\n"
      }
    }
    return text
  }

  /// The shapes of an entry's parameters; those of an entry that is built in without reading it.
  ///
  /// - Parameter graph: a graph of another program than Keras; nil for the one as written.
  package func shapes(of identifier: String, graph: String? = nil) throws(CatalogError) -> ShapeCounts {
    if isBuiltIn(identifier), let shapes = Self.builtInShapes[identifier]?.first(where: { $0.graph == graph })
    {
      return shapes.counts
    }
    return try ShapeCounts(entry(identifier), variant: graph)
  }

  /// The graphs of an entry that files of other programs than Keras have; those of an entry that is built in without reading it.
  package func foreignGraphs(of identifier: String) throws(CatalogError) -> [(
    graph: String, framework: Framework
  )] {
    if isBuiltIn(identifier), let shapes = Self.builtInShapes[identifier] {
      return shapes.compactMap { line in line.graph.map { ($0, line.framework) } }
    }
    return try entry(identifier).variants.filter { $0.framework != .keras }.map { ($0.name, $0.framework) }
  }

  /// A line of the table: the shapes of one graph.
  private struct Line {
    let identifier: String
    let framework: Framework
    let graph: String?
    let counts: ShapeCounts

    /// Reads `ENTRY: ...` and `ENTRY pytorch torchvision: ...`.
    init?(_ line: Substring) {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let words = line[..<colon].split(separator: " ").map(String.init)
      guard let identifier = words.first else { return nil }
      self.identifier = identifier
      framework = words.count == 3 ? Framework(rawValue: words[1]) ?? .keras : .keras
      graph = words.count == 3 ? words[2] : nil
      counts = ShapeCounts(text: line[line.index(after: colon)...])
    }
  }

  private static let builtInShapes: [String: [Line]] = {
    let lines = (EmbeddedFile.all[shapesFile]?.text ?? "").split(separator: "\n")
    return Dictionary(grouping: lines.compactMap(Line.init), by: \.identifier)
  }()
}

extension ShapeCounts {
  /// Those of one graph of an entry.
  fileprivate init(_ entry: CatalogEntry, variant: String?) throws(CatalogError) {
    self.init(try ArchivedNetwork(entry: entry, variant: variant).parameters().map(\.shape))
  }
}

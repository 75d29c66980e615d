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

  /// The extents, for kernels of four axes in their order of size, so that all orders of axes have one key.
  private static func key(_ shape: TensorShape) -> String {
    let extents = shape.rank == 4 ? shape.dimensions.sorted() : shape.dimensions
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
      let shapes = try ArchivedNetwork(entry: try entry(identifier), variant: nil).parameters().map(\.shape)
      text += "\(identifier): \(ShapeCounts(shapes).text)\n"
    }
    return text
  }

  /// The shapes of an entry's parameters; those of an entry that is built in without reading it.
  package func shapes(of identifier: String) throws(CatalogError) -> ShapeCounts {
    if isBuiltIn(identifier), let shapes = Self.builtInShapes[identifier] { return shapes }
    return ShapeCounts(
      try ArchivedNetwork(entry: try entry(identifier), variant: nil).parameters().map(\.shape))
  }

  private static let builtInShapes: [String: ShapeCounts] = {
    let lines = (EmbeddedFile.all[shapesFile]?.text ?? "").split(separator: "\n")
    let pairs = lines.compactMap { line -> (String, ShapeCounts)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), ShapeCounts(text: line[line.index(after: colon)...]))
    }
    return Dictionary(pairs) { first, _ in first }
  }()
}

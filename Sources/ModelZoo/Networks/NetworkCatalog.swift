import Catalog
public import Tensors

/// The networks this package knows: those built in, and those of folders of one's own.
///
/// ```swift
/// for network in try NetworkCatalog().networks() { print(network.identifier, network.parameterCount) }
/// ```
public struct NetworkCatalog: Sendable {
  let catalog: EntryCatalog

  /// The built-in networks and those in `folders`, which win where names are equal.
  public init(adding folders: [String] = []) throws {
    var catalog = EntryCatalog.embedded
    for folder in folders { catalog = catalog.merging(try EntryCatalog(folder: folder)) }
    self.catalog = catalog
  }

  /// The names of all networks, sorted.
  public var identifiers: [String] { catalog.identifiers }

  /// The network called `identifier`; reads its entry.
  public func network(_ identifier: String) throws -> CatalogNetwork {
    let entry = try catalog.entry(identifier)
    return CatalogNetwork(entry: entry, counts: ParameterCounts(try entry.graph().parameters()))
  }

  /// All networks, in the order of their names.
  public func networks() throws -> [CatalogNetwork] { try identifiers.map(network) }
}

/// One network of the catalog, without weights.
public struct CatalogNetwork: Sendable {
  let entry: CatalogEntry
  let counts: ParameterCounts

  /// The name commands and archives know it by.
  public var identifier: String { entry.identifier }
  /// The name people know it by.
  public var title: String { entry.title }
  /// Title, authors, year and address of the paper.
  public var paper: String { entry.paper }
  /// All parameters without a classifier.
  public var parameterCount: Int { counts.total }
  /// Those that Keras would train: batch normalisation's stored statistics are not among them.
  public var trainableParameterCount: Int { counts.trainable }
  /// The input it was trained with, `[H, W, 3]`.
  public var inputShape: TensorShape { [entry.defaultSize.height, entry.defaultSize.width, 3] }
  /// How pixels are scaled for it.
  public var preprocessing: Preprocessing { entry.preprocessing }
  /// The names of its graph's variants, the usual one first; empty when there is one graph.
  public var graphVariants: [String] { entry.variants.map(\.name) }

  /// The summary as Keras 3's `model.summary()` prints it, line by line.
  ///
  /// - Parameters:
  ///   - variant: which of the network's graphs; nil for the first.
  ///   - columns: the width of the terminal.
  /// - Throws: an error that names the variant when there is none of that name.
  public func summary(graph variant: String? = nil, columns: Int = 120) throws -> [String] {
    try entry.summary(variant: variant).lines(.keras3, columns: columns)
  }
}

public import Catalog
public import Tensors

/// The networks that are known: the built-in ones, and those of your own folders.
///
/// ```swift
/// for network in try NetworkCatalog().networks() { print(network.identifier, network.parameterCount) }
/// ```
public struct NetworkCatalog: Sendable {
  let catalog: EntryCatalog

  /// The built-in networks and those in `folders`, which replace built-in networks of the same name.
  ///
  /// - Throws: `CatalogError` for a folder that cannot be read or holds no entry.
  public init(adding folders: [String] = []) throws(CatalogError) {
    var catalog = EntryCatalog.embedded
    for folder in folders { catalog = catalog.merging(try EntryCatalog(folder: folder)) }
    self.catalog = catalog
  }

  /// The files that were read from folders, which no output of the same run should overwrite.
  public var readPaths: [String] { catalog.readPaths }

  /// The names of all networks, sorted.
  public var identifiers: [String] { catalog.identifiers }

  /// The network of which most weight files are described; of several the first.
  package var mostDescribedNetwork: String? {
    let counts = identifiers.map { ($0, catalog.weightFiles(of: $0).count) }
    let most = counts.map(\.1).max()
    return counts.first { $0.1 == most }?.0
  }

  /// The network called `identifier`; reads its entry.
  ///
  /// - Throws: `CatalogError` for a name that does not exist and for an entry that cannot be read.
  public func network(_ identifier: String) throws(CatalogError) -> CatalogNetwork {
    try CatalogNetwork(catalog.entry(identifier))
  }

  /// All networks, in the order of their names.
  ///
  /// - Throws: `CatalogError` for an entry that cannot be read.
  public func networks() throws(CatalogError) -> [CatalogNetwork] { try identifiers.map(network) }
}

/// One network of the catalog, without weights.
public struct CatalogNetwork: Sendable {
  /// One of a network's graphs, which differ in paddings or an epsilon.
  public struct GraphVariant: Hashable, Sendable {
    /// Its name: `F`.
    public let name: String
    /// Which software has this graph, and how it differs.
    public let note: String
  }

  let entry: CatalogEntry
  private let counts: ParameterCounts
  /// The smallest image it takes, by Keras's rule.
  public let minimumSize: Extent
  /// How many layers it has.
  public let layerCount: Int
  /// Multiplications with their additions for one image of its own size.
  public let multiplyAdds: Int
  /// The features of one image of its own size, `[H, W, C]`.
  public let featureShape: TensorShape

  init(_ entry: CatalogEntry) throws(CatalogError) {
    let (graph, size) = (try entry.graph(), entry.defaultSize)
    self.entry = entry
    counts = ParameterCounts(try graph.parameters(height: size.height, width: size.width))
    minimumSize = try entry.minimumSize()
    layerCount = graph.layers.count
    multiplyAdds = try graph.costs(height: size.height, width: size.width).reduce(0) { $0 + $1.multiplyAdds }
    featureShape = try graph.activationShapes(height: size.height, width: size.width).last ?? []
  }

  /// The name that commands and archives use.
  public var identifier: String { entry.identifier }
  /// The name for people.
  public var title: String { entry.title }
  /// Title, authors, year and URL of the paper.
  public var paper: String { entry.paper }
  /// The licence of the architecture; weight sets have their own.
  public var licence: String { entry.licence }
  /// How well it does with its published weights; nil where no documentation states it.
  public var accuracy: PublishedAccuracy? { entry.accuracy }
  /// The size of the images it was trained with.
  public var defaultSize: Extent { entry.defaultSize }
  /// All parameters without a classifier.
  public var parameterCount: Int { counts.total }
  /// Those that Keras would train: batch normalisation's stored statistics are not among them.
  public var trainableParameterCount: Int { counts.trainable }
  /// The input it was trained with, `[H, W, 3]`.
  public var inputShape: TensorShape { [entry.defaultSize.height, entry.defaultSize.width, 3] }
  /// How pixels are scaled for it.
  public var preprocessing: Preprocessing { entry.preprocessing }
  /// Its graph's variants, the usual one first; empty when there is one graph.
  public var graphVariants: [GraphVariant] {
    entry.variants.map { GraphVariant(name: $0.name, note: $0.note) }
  }

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

import Catalog
import KerasWeights

/// A weight set of the catalog (a file that was published, or that a version of Keras writes) and which checks it passes,
/// found by running them: no field of the set can claim it.
public struct WeightSetStatus: Sendable {
  /// The checks.
  public enum Check: String, CaseIterable, Sendable {
    /// The description of the set was read, every value understood.
    case parsed
    /// Its graph, tag, naming patterns and digests fit the network and the other sets.
    case consistent
    /// Every layer with weights has exactly one group, and no group two layers.
    case bound
    /// The published file can be told from others by its digest.
    case identified
    /// A given file was recognised as this set, and every tensor was bound; if a file was published, it is that file.
    case fitted
  }

  /// The network the weights are for.
  public let network: String
  /// Where the set is described: `<network>/weights/<tag>.json`.
  public let path: String
  /// The checks it passes, in their order.
  public let passed: [Check]
  /// Why it does not pass more checks.
  public let problems: [String]
  /// Nil when it cannot be read.
  private let layout: WeightSet?

  /// The name of the set among those of its network; nil, as all below, when the description cannot be read.
  public var tag: String? { layout?.tag }
  /// What the weights are, in words.
  public var title: String? { layout?.title }
  /// The variant of the network's graph they belong to; nil where there is one graph.
  public var graph: String? { layout?.graph }
  /// The licence of the weights.
  public var licence: String? { layout?.licence }
  /// The name of the published file; nil where none was published.
  public var fileName: String? { layout?.file?.name }
  /// The address it was published at, or that of the page it was published on.
  public var fileAddress: String? { layout?.file?.source }
  /// Its size in bytes, where that is known.
  public var fileByteCount: Int? { layout?.file?.size }
  /// Its MD5 in hexadecimal, where that is known.
  public var fileMD5: String? { layout?.file?.md5 }
  /// Its SHA-256 in hexadecimal, where that is known.
  public var fileSHA256: String? { layout?.file?.sha256 }
  /// The MD5, or where that is not known the SHA-256, of the same weights with the classifier.
  public var digestWithTop: String? { layout?.file?.withTop?.md5 ?? layout?.file?.withTop?.sha256 }

  fileprivate init(
    entry: CatalogEntry, path: String, reading: Result<WeightSet, WeightSetError>, siblings: [WeightSet],
    fitted: FittedWeightSets?
  ) throws(CatalogError) {
    network = entry.identifier
    self.path = path
    switch reading {
    case .failure(let error):
      (layout, passed, problems) = (nil, [], [error.description])
    case .success(let set):
      let names = entry.variants.map(\.name)
      let layers = try entry.weightedLayers(variant: names.contains { $0 == set.graph } ? set.graph : nil)
      let found = set.problems(
        layers: layers, variants: names, isWrittenNamed: entry.writtenVariant != nil, siblings: siblings)
      let isBound = (try? WeightBinding(of: set, layers: layers, siblings: siblings)) != nil
      let isFitted = fitted?.contains(network: entry.identifier, tag: set.tag) == true
      layout = set
      passed =
        [.parsed] + (found.isEmpty ? [.consistent] : []) + (isBound ? [.bound] : [])
        + ((set.file?.md5 ?? set.file?.sha256) == nil ? [] : [.identified]) + (isFitted ? [.fitted] : [])
      problems = found
    }
  }
}

extension NetworkCatalog {
  /// The weight sets known for a network, each with the checks it passes; they are run now.
  ///
  /// - Parameters:
  ///   - network: its name.
  ///   - fitted: what was found in given weight files; see ``fittedWeightSets(in:)-(String)``.
  /// - Throws: `CatalogError` for a name that does not exist and for an entry that cannot be read.
  public func weightSets(
    of network: String, fitted: FittedWeightSets? = nil
  ) throws(CatalogError) -> [WeightSetStatus] {
    try weightSets(of: catalog.entry(network), fitted)
  }

  /// The same for a network of this catalog that has been read.
  ///
  /// - Throws: `CatalogError` for a graph that has no shapes.
  public func weightSets(
    of network: CatalogNetwork, fitted: FittedWeightSets? = nil
  ) throws(CatalogError) -> [WeightSetStatus] {
    try weightSets(of: network.entry, fitted)
  }

  private func weightSets(
    of entry: CatalogEntry, _ fitted: FittedWeightSets?
  ) throws(CatalogError) -> [WeightSetStatus] {
    let files = catalog.weightFiles(of: entry.identifier)
    let readings = files.map { file in
      Result { () throws(WeightSetError) in try WeightSet(json: file.text, file: file.path) }
    }
    let siblings = readings.compactMap { try? $0.get() }
    var statuses: [WeightSetStatus] = []
    for (file, reading) in zip(files, readings) {
      statuses.append(
        try WeightSetStatus(
          entry: entry, path: file.path, reading: reading, siblings: siblings, fitted: fitted))
    }
    return statuses
  }
}

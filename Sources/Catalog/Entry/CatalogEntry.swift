package import Tensors

/// A network as the catalog knows it: identity, input, graph with its variants, and claims to be checked.
package struct CatalogEntry: Sendable {
  /// The name commands know it by, and that of its folder.
  package var identifier: String { record.identifier }
  package var title: String { record.title }
  /// What Keras's `model.name` is.
  package var kerasName: String { record.kerasName }
  /// Title, authors, year, address.
  package var paper: String { record.paper }
  /// The licence of the architecture's description; weight sets have their own.
  package var licence: String { record.licence }
  /// How well the published weights do; nil where no documentation states it.
  package var accuracy: PublishedAccuracy? { record.imageNet }
  package var preprocessing: Preprocessing { record.preprocessing }
  package var defaultSize: Extent { record.defaultSize }
  package var claims: Claims { record.claims }
  /// The entry as it was read; what an archive keeps of it.
  package let json: String

  let record: EntryRecord
  let reader: EntryReader

  /// Reads an entry's text. `file` names it in errors.
  ///
  /// Every line is understood or refused, but the graph is checked by ``graph(variant:)`` and the claims by
  /// ``problems()``.
  package init(json: String, file: String = "entry") throws(CatalogError) {
    reader = EntryReader(text: json, file: file)
    record = try reader.record()
    self.json = json
  }

  /// The graph variants, the one written out first; empty when there is one graph only.
  package var variants: [GraphVariant] {
    record.variants.map {
      GraphVariant(name: $0.name, note: $0.note, initial: $0.initial, framework: $0.framework)
    }
  }

  /// The variant that is the graph as written; nil where that has no name of its own.
  package var writtenVariant: String? {
    record.variants.first.flatMap { $0.changesNothing ? $0.name : nil }
  }

  /// What happens to a pixel for one of the graphs, nil for the one as written.
  package func preprocessing(variant: String?) -> Preprocessing {
    record.variants.first { $0.name == variant }?.preprocessing ?? record.preprocessing
  }

  /// The smallest image the network takes, by Keras's rule.
  package func minimumSize(variant: String? = nil) throws(CatalogError) -> Extent {
    guard let variant else { return record.minimumSize }
    return try self.variant(named: variant).minimumSize ?? record.minimumSize
  }

  /// Refuses an input size below the minimum, in Keras's words, and one that the graph would be another for in Keras.
  package func checkInputSize(height: Int, width: Int, variant: String? = nil) throws(CatalogError) {
    let minimum = try minimumSize(variant: variant)
    guard height >= minimum.height, width >= minimum.width else {
      throw .inputTooSmall(minimum: minimum, found: Extent(height, width))
    }
    guard height % record.sizeMultiple == 0, width % record.sizeMultiple == 0 else {
      throw .inputNotMultiple(of: record.sizeMultiple, found: Extent(height, width))
    }
  }

  /// The graph as written, or one of its variants; its wiring has been checked.
  package func graph(variant: String? = nil) throws(CatalogError) -> LayerGraph {
    var problems: [CatalogProblem] = []
    let graph = try wiredGraph(variant: variant, problems: &problems)
    guard problems.isEmpty else { throw .invalidEntry(problems) }
    return graph
  }

  func variant(named name: String) throws(CatalogError) -> VariantRecord {
    guard let variant = record.variants.first(where: { $0.name == name }) else {
      throw .unknownVariant(name, entry: identifier, known: record.variants.map(\.name))
    }
    return variant
  }
}

/// One of an entry's graphs.
package struct GraphVariant: Hashable, Sendable {
  /// `F`.
  package var name: String
  /// Which software has this graph, and how it differs.
  package var note: String
  /// Layers whose weights are as Keras begins with them in files of this graph, and in no others.
  package var initial: [String]
  /// Whose files have it.
  package var framework: Framework
}

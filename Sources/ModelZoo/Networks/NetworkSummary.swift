public import Catalog
import Foundation
import Tensors
public import WeightConversion

/// The contents of Keras's `model.summary()` for a network, with the cost of each layer.
public struct NetworkSummary: Sendable {
  /// How a summary may look.
  public enum Style: String, CaseIterable, Sendable {
    /// As Keras 3 prints it.
    case keras3
    /// As tf.keras 2.13 and later print it.
    case keras2
    /// One line a layer, no frames.
    case compact
  }

  /// One layer.
  public struct Layer: Hashable, Sendable {
    /// The layer's name: `conv1_conv`.
    public let name: String
    /// Keras's class: `Conv2D`.
    public let type: String
    /// One image's output, `[H, W, C]` or `[C]`; nil for an extent that depends on an unknown image size.
    public let outputShape: [Int?]
    /// How many parameters it owns.
    public let parameterCount: Int
    /// The layers it reads.
    public let inputs: [String]
    /// Multiplications with their additions for one image; batch normalisation counts none.
    public let multiplyAdds: Int
    /// The size of one image's output in `float32`.
    public let activationByteCount: Int
    /// The rows and columns of the image that one output position depends on; nil behind a layer that sees all.
    public let receptiveField: Extent?
    /// The distance in the image between neighbouring output positions; nil without positions.
    public let stride: Extent?
  }

  /// Keras's `model.name`.
  public var modelName: String { summary.modelName }
  /// The size of the images it is for.
  public let imageSize: Extent
  /// How images are resized for a whole model that was converted with its classifier; nil for anything else.
  public let scaling: PixelScaling?
  /// Where features of a whole model end and why; empty for what has them at its last layer.
  public let featureEnd: [RecognitionReason]
  /// All parameters.
  public var parameterCount: Int { summary.counts.total }
  /// Those that training changes: not a frozen backbone's, nor a normalisation's statistics.
  public var trainableParameterCount: Int { summary.counts.trainable }
  /// The others.
  public var nonTrainableParameterCount: Int { summary.counts.nonTrainable }
  /// Multiplications with their additions for one image, of all layers.
  public var multiplyAdds: Int { costs.reduce(0) { $0 + $1.multiplyAdds } }

  private let summary: Summary
  /// The model as Keras nests it, the backbone one layer; nil for what is no head on a backbone.
  private let nested: Summary?
  private let costs: [LayerCost]

  init(_ subject: SummarySubject) throws(CatalogError) {
    imageSize = subject.size
    scaling = subject.scaling
    featureEnd = subject.featureEnd
    summary = try subject.summary
    nested = subject.nested(summary)
    costs = try subject.graph.costs(height: imageSize.height, width: imageSize.width)
  }

  /// The layers, each after those it reads.
  public var layers: [Layer] {
    zip(summary.rows, costs).map { row, cost in
      Layer(
        name: row.name, type: row.type, outputShape: row.shape.dimensions, parameterCount: row.parameters,
        inputs: row.inputs, multiplyAdds: cost.multiplyAdds, activationByteCount: cost.activationBytes,
        receptiveField: cost.receptiveField, stride: cost.stride)
    }
  }

  /// The summary as lines; only Keras 3's style looks at the width of the terminal, in `columns`. In Keras 2's, a model whose head was
  /// trained on a backbone comes twice: first as a `Sequential` model in which the backbone is one layer, then layer by layer.
  public func lines(_ style: Style = .keras3, columns: Int = 120) -> [String] {
    switch style {
    case .keras3: summary.lines(.keras3, columns: columns)
    case .keras2: (nested.map { $0.lines(.keras2) + [""] } ?? []) + summary.lines(.keras2)
    case .compact: summary.lines(.compact, columns: columns)
    }
  }

  /// A line a layer, with multiply-adds, activation memory and receptive field.
  public func costLines() -> [String] { summary.lines(costs: costs) }
}

extension NetworkCatalog {
  /// Whether `text` names a file rather than a network of the catalog, be the file there or not.
  public func namesFile(_ text: String) -> Bool {
    guard !identifiers.contains(text) else { return false }
    return FileManager.default.fileExists(atPath: text) || text.contains { "/.".contains($0) }
  }

  /// The summary of a network of the catalog.
  ///
  /// - Parameters:
  ///   - network: its name.
  ///   - variant: which of its graphs; nil for the first.
  ///   - size: the size of images; nil for the network's own.
  ///   - layer: where to end; nil for the last layer.
  /// - Throws: `CatalogError` for a name that does not exist, and for a size below the network's smallest.
  public func summary(
    of network: String, graph variant: String? = nil, size: Extent? = nil, endingAt layer: String? = nil
  ) throws(CatalogError) -> NetworkSummary {
    let subject = try SummarySubject(catalog.entry(network), variant: variant)
    return try NetworkSummary(subject.resized(to: size).ending(at: layer))
  }

  /// The summary of what a file holds: an archive's network, a trained model with its head on the frozen backbone, or the
  /// network that a weight file of Keras belongs to.
  ///
  /// - Parameters:
  ///   - file: the file; it is recognised by its content.
  ///   - backbone: the archive that a checkpoint was trained on; nil to look for it beside the checkpoint.
  ///   - size: the size of images; nil for the network's or the model's own.
  ///   - layer: where to end; nil for the last layer.
  /// - Throws: ``ModelZooError/noEntry(archive:)``, ``ModelZooError/checkpointWithoutNetwork(path:)``,
  ///   ``ModelZooError/noCheckpoint(archive:)`` where a backbone is named for anything else,
  ///   ``ModelZooError/unknownNetwork(file:)``, `ConversionError.undescribed(path:reason:)` for a whole model whose graph cannot be
  ///   followed, and the errors of reading.
  public func summary(
    ofFile file: String, backbone: String? = nil, size: Extent? = nil, endingAt layer: String? = nil
  ) throws -> NetworkSummary {
    try NetworkSummary(
      SummarySubject(file: file, backbone: backbone, catalog: catalog).resized(to: size).ending(at: layer))
  }
}

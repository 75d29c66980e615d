package import Catalog
package import Tensors

/// The layers of a whole model that classify by its features, as those of a trained model are kept.
package struct Classifier: Sendable {
  /// What the names of its tensors begin with.
  package static let prefix = "head/"
  /// The images' rows and columns that the model was saved for.
  package let size: Extent
  /// What pools the features ahead of it; nil for features as they are.
  package let pooling: (any LayerOperation)?
  /// Its layers, one after the other.
  package let layers: [Layer]
  /// One image's features, `[C]` or `[H, W, C]`.
  package let inputShape: TensorShape
  /// How many numbers it gives for an image.
  package let outputCount: Int
  /// What the model's own last numbers went through.
  let activation: Activation
  /// Whether an activation that the model has not stands behind them.
  let isClosed: Bool

  /// The classifier of a network taken apart, with an activation behind it where one is given; nil where it has none.
  init?(_ parts: NetworkParts, size: Extent, closing: ActivationLayer? = nil) {
    guard !parts.classifier.isEmpty,
      let features = try? parts.backbone.activationShapes(height: size.height, width: size.width).last,
      let channels = features.dimensions.last
    else { return nil }
    self.size = size
    activation = parts.outputActivation
    isClosed = closing != nil
    // Of branches that stay in the network, what pools is a layer of it.
    pooling = features.rank == 3 ? parts.pooling?.operation : nil
    layers =
      parts.classifier
      + [closing].compactMap(\.self).map { Layer(name: "closing", operation: $0, inputs: []) }
    inputShape = pooling == nil ? features : [channels]
    var shape = ActivationShape(inputShape.dimensions)
    for layer in layers {
      guard let next = try? layer.operation.outputShape(of: [shape]) else { return nil }
      shape = next
    }
    guard let count = shape.shape?.elementCount else { return nil }
    outputCount = count
  }

  /// Dense layers, one after the other, or a convolution, as a weight set lists them.
  ///
  /// - Parameters:
  ///   - layers: the number of outputs of each and its activation.
  ///   - features: what the network gives for an image of `size`, `[H, W, C]`.
  ///   - input: what the first reads of them.
  init?(
    _ layers: [(units: Int, activation: Activation)], features: TensorShape,
    reading input: WeightSet.ClassifierInput, size: Extent
  ) {
    guard let last = layers.last, features.rank == 3, input != .pixels || layers.count == 1 else {
      return nil
    }
    self.size = size
    (activation, isClosed) = (input == .pixels ? .linear : last.activation, false)
    pooling = input == .pooled ? GlobalAveragePooling2D() : nil
    inputShape = input == .pooled ? [features[2]] : features
    let denses = layers.map { units, activation in
      var dense = Dense()
      (dense.units, dense.activation, dense.useBias) = (units, activation, true)
      return dense as any LayerOperation
    }
    let operations: [any LayerOperation]
    switch input {
    case .pooled: operations = denses
    case .flattened: operations = [Flatten()] + denses
    case .pixels:
      var convolution = Conv2D()
      (convolution.filters, convolution.activation) = (last.units, last.activation)
      operations = [convolution, GlobalAveragePooling2D()]
    }
    self.layers = zip(operations.automaticNames, operations)
      .map { Layer(name: $0, operation: $1, inputs: []) }
    outputCount = last.units
  }

  /// The names of its layers, as those of a trained model: `dense`, `dense_1`.
  var names: [String] { layers.map(\.operation).automaticNames }
}

/// A network of the catalog that the file's own graph is similar to, and the differences.
public struct Resemblance: Hashable, Sendable {
  /// The network.
  public let network: String
  /// The differences, layer by layer, a sentence each; empty where the network is part of the file's graph as it is.
  public let differences: [String]

  /// - Parameter differences: those of the graphs; nil where the weights differ already.
  init(_ other: Recognition, _ differences: [String]?) {
    network = other.network
    let lists = other.mismatch
    self.differences =
      differences
      ?? lists.wrongShape + lists.missing.map { "\($0): is not here" }
      + lists.unused.map { "\($0): is only here" }
  }
}

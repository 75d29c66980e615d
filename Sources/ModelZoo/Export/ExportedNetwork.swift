import Catalog
import Tensors
import Training

/// A network from the image to what it is read for, as one graph: up to where features end, pooled as they are, with the layers
/// behind that and a head.
struct ExportedNetwork {
  /// The input layer first; the last one is what is read.
  private(set) var layers: LayerGraph
  let backbone: Backbone
  let head: HeadModel?

  /// - Throws: `CatalogError` for a network that does not fit together.
  init(_ backbone: Backbone, head: HeadModel? = nil) throws {
    (self.backbone, self.head) = (backbone, head)
    layers = try backbone.network.graph()
    let end = backbone.poolingSplit?.output ?? backbone.options.layer
    if let end { layers = try layers.truncated(at: end) }
    try appendPooling()
    for layer in backbone.layersBehindPooling {
      append(layer.operation, as: layer.name)
    }
    if let head {
      layers.layers += head.layers(behind: lastName)
      try appendFlatten()
    }
  }

  /// The size of the image.
  private var size: (height: Int, width: Int) { (backbone.inputShape[0], backbone.inputShape[1]) }

  private var lastName: String { layers.layers.last?.name ?? "" }

  /// The shape of what is read.
  var outputShape: TensorShape {
    get throws { try layers.activationShapes(height: size.height, width: size.width).last ?? [] }
  }

  /// Appends a layer that reads the last one; its name is one that no layer has.
  private mutating func append(_ operation: any LayerOperation, as name: String) {
    var own = name
    while layers[own] != nil { own += "_" }
    layers.layers.append(Layer(name: own, operation: operation, inputs: [lastName]))
  }

  /// Appends the pooling of all pixels; what is one pixel already becomes a row.
  private mutating func appendPooling() throws {
    let pooling = backbone.options.pooling
    if pooling == .none { return }
    let extents = ImageSize(try outputShape)
    guard extents.pixels > 1 else { return try appendFlatten() }
    if try outputShape.rank != 3 {
      append(Reshape { $0.shape = [extents.height, extents.width, extents.channels] }, as: "pooled_rows")
    }
    switch pooling {
    case .maximum: append(GlobalMaxPooling2D(), as: "pooled_features")
    case .average, .automatic: append(GlobalAveragePooling2D(), as: "pooled_features")
    case .none: break
    }
  }

  /// Makes a row of whatever else the last layer gives.
  private mutating func appendFlatten() throws {
    if try outputShape.rank != 1 { append(Flatten(), as: "row") }
  }

  /// Appends what makes probabilities of the head's outputs, where that is a layer.
  mutating func appendActivation(_ activation: Activation) {
    append(ActivationLayer(activation), as: "probability")
  }
}

extension ExportedNetwork {
  /// A tensor of the graph by its name, as it is now: of the archive, of the head, or what fine-tuning made of it.
  func tensor(named name: String) throws -> TensorView? {
    if let tensor = backbone.tuned[name] { return TensorView(tensor) }
    if let own = head?.parameters.first(where: { $0.name == name }) { return TensorView(own.tensor) }
    guard backbone.archive.contains(name) else { return nil }
    return try backbone.archive.tensor(named: name)
  }
}

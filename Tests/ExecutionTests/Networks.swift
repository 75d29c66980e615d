import Catalog
import Synchronization
import Tensors
import Testing

/// Catalog entries with synthetic weights, made once a test process.
enum Networks {
  /// The seed of the fixtures' weights and images.
  static let seed: UInt64 = 2015
  private static let cache = Mutex<[String: TensorView]>([:])

  static func graph(_ entry: String, variant: String? = nil) throws -> LayerGraph {
    try EntryCatalog.embedded.entry(entry).graph(variant: variant)
  }

  /// Whether a network is given pixels of 0 to 255.
  static func scalesPixels(_ entry: String) throws -> Bool {
    try EntryCatalog.embedded.entry(entry).preprocessing.label == Preprocessing.unscaled.label
  }

  /// A parameter's synthetic values; which network it belongs to does not matter, only its name and shape.
  static func view(_ parameter: Parameter) throws -> TensorView {
    let key = "\(parameter.name) \(parameter.shape)"
    if let known = cache.withLock({ $0[key] }) { return known }
    let values = SyntheticWeights(seed: seed).values(
      layer: parameter.layer, role: parameter.role, shape: parameter.shape)
    let view = try #require(TensorView(Tensor(shape: parameter.shape, scalars: values)))
    cache.withLock { $0[key] = view }
    return view
  }

  /// Finds parameters of `graph` by name; every gamma of a batch normalisation is multiplied with `gain`.
  static func parameters(
    of graph: LayerGraph, height: Int, width: Int, gain: Float = 1
  ) throws -> [String: TensorView] {
    let parameters = try graph.parameters(height: height, width: width)
    var views = try Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, try view($0)) })
    guard gain != 1 else { return views }
    let normalisations = Set(graph.layers.filter { $0.operation is BatchNormalization }.map(\.name))
    for parameter in parameters where parameter.role == "gamma" && normalisations.contains(parameter.layer) {
      let values = SyntheticWeights(seed: seed).values(
        layer: parameter.layer, role: parameter.role, shape: parameter.shape)
      views[parameter.name] = TensorView(Tensor(shape: parameter.shape, scalars: values.map { $0 * gain }))
    }
    return views
  }
}

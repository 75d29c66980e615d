import Catalog
import Tensors

/// The parameters a graph needs, all present and of the right shape.
struct ParameterSource {
  private let views: [String: TensorView]

  /// Looks every parameter of `graph` up and gathers all that is wrong before it throws.
  init(
    _ graph: LayerGraph, height: Int, width: Int, lookup: (String) throws -> TensorView?
  ) throws {
    var views: [String: TensorView] = [:]
    var missing: [String] = []
    var wrong: [ExecutionError.WrongShape] = []
    for parameter in try Self.needed(by: graph, height: height, width: width) {
      guard let view = try lookup(parameter.name) else {
        missing.append(parameter.name)
        continue
      }
      guard view.shape == parameter.shape else {
        wrong.append(.init(parameter: parameter.name, expected: parameter.shape, found: view.shape))
        continue
      }
      guard [.float16, .bfloat16, .float32, .float64].contains(view.scalarType) else {
        throw ExecutionError.wrongScalarType(parameter: parameter.name, found: view.scalarType)
      }
      views[parameter.name] = view
    }
    guard missing.isEmpty else { throw ExecutionError.missingParameters(missing) }
    guard wrong.isEmpty else { throw ExecutionError.wrongShapes(wrong) }
    self.views = views
  }

  private static func needed(
    by graph: LayerGraph, height: Int, width: Int
  ) throws(ExecutionError) -> [Parameter] {
    do {
      return try graph.parameters(height: height, width: width)
    } catch {
      throw ExecutionError(error)
    }
  }

  /// The elements of a parameter of the graph; empty for one it does not have.
  func floats(_ layer: String, _ role: String) -> [Float] { views["\(layer)/\(role)"]?.floats() ?? [] }

  /// Lends the elements of a parameter of the graph; none for one it does not have.
  func withFloats<Result>(_ layer: String, _ role: String, _ body: (Span<Float>) -> Result) -> Result {
    views["\(layer)/\(role)"]?.withFloats(body) ?? body([Float]().span)
  }

  /// A batch normalisation as factors and terms: `gamma / sqrt(variance + epsilon)`, `beta - mean * factor`.
  func normalization(_ layer: String, _ kind: BatchNormalization) -> ChannelAffine {
    let mean = floats(layer, "moving_mean")
    let variance = floats(layer, "moving_variance")
    var scale = variance.map { 1 / (Double($0) + kind.epsilon).squareRoot() }
    if kind.scale { scale = zip(scale, floats(layer, "gamma")).map { $0 * Double($1) } }
    var shift = zip(mean, scale).map { -Double($0) * $1 }
    if kind.center { shift = zip(shift, floats(layer, "beta")).map { $0 + Double($1) } }
    return ChannelAffine(scale: scale, shift: shift)
  }
}

import Catalog
import Kernels
import Tensors

/// The parameters a graph needs, all present and of the right shape.
package struct ParameterSource: Sendable {
  private let views: [String: TensorView]
  /// By layer: the large ones, which are looked at once their layer is packed.
  private let kernels: [String: [String]]
  private let storage: Plan.ParameterStorage

  /// No parameters, for work that has none.
  static let none = ParameterSource()

  private init() { (views, kernels, storage) = ([:], [:], Plan.ParameterStorage()) }

  /// Looks every parameter of `graph` up and gathers all that is wrong before it throws.
  init(
    _ graph: LayerGraph, height: Int, width: Int, storage: Plan.ParameterStorage,
    lookup: (String) throws -> TensorView?
  ) throws {
    var views: [String: TensorView] = [:]
    var kernels: [String: [String]] = [:]
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
      if parameter.shape.rank > 1 {
        kernels[parameter.layer, default: []].append(parameter.name)
      } else {
        try storage.verify(parameter.name, .single)
      }
    }
    guard missing.isEmpty else { throw ExecutionError.missingParameters(missing) }
    guard wrong.isEmpty else { throw ExecutionError.wrongShapes(wrong) }
    self.views = views
    self.kernels = kernels
    self.storage = storage
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

  /// The values of all parameters together.
  var elementCount: Int { views.values.reduce(0) { $0 + $1.shape.elementCount } }

  /// The bytes of a layer's kernels.
  func kernelByteCount(_ layer: String) -> Int {
    (kernels[layer] ?? []).reduce(0) { $0 + (views[$1]?.byteCount ?? 0) }
  }

  /// Calls `body`, which may read the kernels of `layer`, once they have been verified on the threads of `pool`, and
  /// lets go of them.
  func withKernels<Result>(of layer: String, on pool: ThreadPool, _ body: () -> Result) throws -> Result {
    let names = kernels[layer] ?? []
    for name in names { try storage.verify(name, pool) }
    defer { names.forEach(storage.release) }
    return body()
  }

  /// Verifies all kernels on the threads of `pool`.
  func verify(on pool: ThreadPool) throws {
    for name in kernels.values.joined() { try storage.verify(name, pool) }
  }

  /// Whether all kernels can be lent as they are, without a copy.
  var lendsKernels: Bool {
    kernels.values.joined().allSatisfy { views[$0]?.scalarType == .float32 }
  }

  /// The elements of a parameter of the graph; empty for one it does not have.
  package func floats(_ layer: String, _ role: String) -> [Float] {
    views["\(layer)/\(role)"]?.floats() ?? []
  }

  /// Lends the elements of a parameter of the graph; none for one it does not have.
  package func withFloats<Result>(_ layer: String, _ role: String, _ body: (Span<Float>) -> Result) -> Result
  {
    views["\(layer)/\(role)"]?.withFloats(body) ?? body([Float]().span)
  }
}

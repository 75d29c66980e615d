import Catalog
package import Kernels
package import Tensors

/// A parameter that was found: what it is, and how its elements are read.
package struct StoredParameter: Sendable {
  package var shape: TensorShape
  package var scalarType: ScalarType
  /// Reads the elements, which must be good to use; called as often as they are needed, by several threads at a time, with
  /// threads to do it on.
  package var read: @Sendable (ThreadPool) throws -> TensorView
  /// Throws what reading would throw, and keeps nothing.
  package var verify: @Sendable (ThreadPool) throws -> Void

  package init(
    shape: TensorShape, scalarType: ScalarType, read: @escaping @Sendable (ThreadPool) throws -> TensorView,
    verify: @escaping @Sendable (ThreadPool) throws -> Void
  ) {
    (self.shape, self.scalarType, self.read, self.verify) = (shape, scalarType, read, verify)
  }

  /// One that is in memory.
  package init(_ view: TensorView) {
    self.init(shape: view.shape, scalarType: view.scalarType, read: { _ in view }, verify: { _ in })
  }

  var byteCount: Int { shape.elementCount * scalarType.byteCount }
}

/// The parameters a graph needs, all present and of the right shape: small ones in memory, kernels to be read when they are
/// packed.
package struct ParameterSource: Sendable {
  private let views: [String: TensorView]
  /// By layer and role.
  private let kernels: [String: [String: StoredParameter]]

  /// No parameters, for work that has none.
  static let none = ParameterSource()

  private init() { (views, kernels) = ([:], [:]) }

  /// Looks every parameter of `graph` up and gathers all that is wrong before it throws.
  init(
    _ graph: LayerGraph, height: Int, width: Int, lookup: (String) throws -> StoredParameter?
  ) throws {
    var views: [String: TensorView] = [:]
    var kernels: [String: [String: StoredParameter]] = [:]
    var missing: [String] = []
    var wrong: [ExecutionError.WrongShape] = []
    for parameter in try Self.needed(by: graph, height: height, width: width) {
      guard let found = try lookup(parameter.name) else {
        missing.append(parameter.name)
        continue
      }
      guard found.shape == parameter.shape else {
        wrong.append(.init(parameter: parameter.name, expected: parameter.shape, found: found.shape))
        continue
      }
      guard [.float16, .bfloat16, .float32, .float64].contains(found.scalarType) else {
        throw ExecutionError.wrongScalarType(parameter: parameter.name, found: found.scalarType)
      }
      if parameter.isKernel {
        kernels[parameter.layer, default: [:]][parameter.role] = found
      } else {
        views[parameter.name] = try found.read(.single)
      }
    }
    guard missing.isEmpty else { throw ExecutionError.missingParameters(missing) }
    guard wrong.isEmpty else { throw ExecutionError.wrongShapes(wrong) }
    (self.views, self.kernels) = (views, kernels)
  }

  /// Zeros in place of all parameters of `graph`, for what depends on their shapes alone; kernels are not to be read.
  init(declaredBy graph: LayerGraph, height: Int, width: Int) throws {
    var declared: [String: StoredParameter] = [:]
    for parameter in try Self.needed(by: graph, height: height, width: width) {
      let zeros = Tensor(repeating: 0, shape: parameter.isKernel ? [1] : parameter.shape)
      guard let view = TensorView(zeros) else { continue }
      declared[parameter.name] = StoredParameter(
        shape: parameter.shape, scalarType: .float32, read: { _ in view }, verify: { _ in })
    }
    try self.init(graph, height: height, width: width) { declared[$0] }
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
  var elementCount: Int {
    views.values.reduce(0) { $0 + $1.shape.elementCount }
      + kernels.values.joined().reduce(0) { $0 + $1.value.shape.elementCount }
  }

  /// The bytes of a layer's kernels.
  func kernelByteCount(_ layer: String) -> Int {
    (kernels[layer] ?? [:]).values.reduce(0) { $0 + $1.byteCount }
  }

  /// Reads the kernels of `layers` on the threads of `pool`; they are in memory for as long as the result is.
  package func kernels(of layers: [String], on pool: ThreadPool) throws -> LayerKernels {
    var views: [String: TensorView] = [:]
    for layer in layers {
      for (role, kernel) in kernels[layer] ?? [:] { views["\(layer)/\(role)"] = try kernel.read(pool) }
    }
    return LayerKernels(views: views)
  }

  /// Verifies all kernels on the threads of `pool`.
  func verify(on pool: ThreadPool) throws {
    for kernel in kernels.values.flatMap(\.values) { try kernel.verify(pool) }
  }

  /// Whether all kernels can be packed as they are read, without being widened first.
  var kernelsAreFloats: Bool { kernels.values.joined().allSatisfy { $0.value.scalarType == .float32 } }

  /// The elements of a parameter of the graph that is no kernel; empty for one it does not have.
  package func floats(_ layer: String, _ role: String) -> [Float] {
    views["\(layer)/\(role)"]?.floats() ?? []
  }
}

/// The kernels of layers that are packed together.
package struct LayerKernels: Sendable {
  fileprivate let views: [String: TensorView]

  /// The elements of a kernel; empty for one the layer does not have.
  package func floats(_ layer: String, _ role: String) -> [Float] {
    views["\(layer)/\(role)"]?.floats() ?? []
  }

  /// Lends the elements of a kernel; none for one the layer does not have.
  func withFloats<Result>(_ layer: String, _ role: String, _ body: (Span<Float>) -> Result) -> Result {
    views["\(layer)/\(role)"]?.withFloats(body) ?? body([Float]().span)
  }
}

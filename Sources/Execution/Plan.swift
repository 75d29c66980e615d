package import Catalog
import Foundation
package import Kernels
package import Tensors

/// A network ready to run at one input size: steps in order, weights packed, memory placed.
///
/// Immutable and shareable: any number of sessions may run one plan at a time.
package struct Plan: Sendable {
  /// One image, `[H, W, C]`.
  package let inputShape: TensorShape
  /// One image's features: `[H, W, C]`, or `[C]` after pooling, flattening or a dense layer.
  package private(set) var outputShape: TensorShape
  /// What runs, in order.
  package private(set) var steps: [PlannedStep]
  /// The kernels it was planned for.
  package let variant: KernelVariant

  let inputPlace: Place
  private(set) var outputPlace: Place
  private(set) var outputSize: ImageSize
  let bytesPerImage: Int
  /// Where the activation lies that the last step pools; nil without one.
  private let pooled: (place: Place, size: ImageSize)?
  private let weights: ParameterSource

  /// Plans `graph` for images of `height` times `width`.
  ///
  /// Batch normalisations are folded into the layers before them in double precision, biases, additions and
  /// rectifications become part of convolutions, padding is left to windows, and branches write their slices
  /// of concatenations.
  ///
  /// - Parameters:
  ///   - parameters: finds a parameter by name (`conv1_conv/kernel`), or returns nil.
  ///   - storage: what else there is to be done about a parameter.
  /// - Throws: ``ExecutionError``, and whatever `parameters` throws.
  /// - Complexity: O(parameters).
  package init(
    graph: LayerGraph, parameters: (String) throws -> TensorView?, height: Int, width: Int,
    options: Options = Options(), pool: ThreadPool = .shared, storage: ParameterStorage = ParameterStorage()
  ) throws {
    let graph = try graph.ending(in: options.output)
    let source = try ParameterSource(
      graph, height: height, width: width, storage: storage, lookup: parameters)
    var network = try Lowering.graph(graph, height: height, width: width, parameters: source)
    network.simplify()
    network.prepareForCPU(options.arithmetic)
    let unpooled = network.output
    let output = network.pool(unpooled, options.pooling)
    let arena = Arena(network, output: output)
    try Self.checkMemory(bytes: arena.size)
    let builder = StepBuilder(
      graph: network, arena: arena, parameters: source, variant: options.variant,
      arithmetic: options.arithmetic)
    let slice = AlgorithmChoice.sliceImages(bytesPerImage: arena.size)
    steps = try builder.steps(on: pool, packingLate: source.lendsKernels && options.images ?? .max <= slice)
    weights = source
    variant = options.variant
    bytesPerImage = arena.size
    inputPlace = arena.place(of: 0)
    inputShape = network[0].size.shape
    outputPlace = arena.place(of: output)
    outputSize = network[output].size
    pooled = output == unpooled ? nil : (arena.place(of: unpooled), network[unpooled].size)
    outputShape = try Self.outputShape(of: graph, height: height, width: width, options, size: outputSize)
  }

  /// The same network without the pooling at its end: `[H, W, C]`. Shares the weights with this plan.
  package var withoutPooling: Plan {
    guard let pooled else { return self }
    var plan = self
    plan.steps.removeLast()
    (plan.outputPlace, plan.outputSize) = (pooled.place, pooled.size)
    plan.outputShape = pooled.size.shape
    return plan
  }

  /// Verifies the weights that were left to be packed, unless they are verified already.
  package func verify(on pool: ThreadPool) throws { try weights.verify(on: pool) }

  private static func checkMemory(bytes: Int) throws(ExecutionError) {
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard bytes > available else { return }
    throw .notEnoughMemory(neededBytes: bytes, availableBytes: available)
  }

  private static func outputShape(
    of graph: LayerGraph, height: Int, width: Int, _ options: Options, size: ImageSize
  ) throws(ExecutionError) -> TensorShape {
    let last: TensorShape?
    do {
      last = try graph.activationShapes(height: height, width: width).last
    } catch {
      throw ExecutionError(error)
    }
    guard options.pooling == .none, let last else { return [size.channels] }
    return last
  }
}

extension Plan {
  /// What becomes of the last activation's rows and columns: Keras's `pooling` argument.
  package enum Pooling: String, CaseIterable, Sendable {
    /// The mean over all pixels.
    case average = "avg"
    /// The largest over all pixels.
    case maximum = "max"
    /// They stay.
    case none
  }

  /// What there is to be done about a parameter besides reading it; called by several threads at a time.
  package struct ParameterStorage: Sendable {
    /// Called ahead of the first look at a parameter's elements with threads to do it on; throws if they must not be
    /// used.
    package var verify: @Sendable (_ name: String, _ pool: ThreadPool) throws -> Void
    /// Called when a parameter's elements will not be read again.
    package var release: @Sendable (_ name: String) -> Void

    package init(
      verify: @escaping @Sendable (String, ThreadPool) throws -> Void = { _, _ in },
      release: @escaping @Sendable (String) -> Void = { _ in }
    ) {
      self.verify = verify
      self.release = release
    }
  }

  /// What a plan leaves open.
  package struct Options: Sendable {
    /// The layer whose output is wanted; nil for the last.
    package var output: String?
    package var pooling: Pooling
    package var variant: KernelVariant
    package var arithmetic: Arithmetic
    /// How many images will be run in all; nil where nobody knows. For as few as are worked on at a time large weights
    /// are not packed beforehand but when they are used, layer by layer in the same memory: sooner done if it is done
    /// once. Then running verifies, and throws what verifying throws.
    package var images: Int?

    package init(
      output: String? = nil, pooling: Pooling = .none, variant: KernelVariant = .preferred,
      arithmetic: Arithmetic = .f32(exact: false), images: Int? = nil
    ) {
      self.images = images
      self.output = output
      self.pooling = pooling
      self.variant = variant
      self.arithmetic = arithmetic
    }
  }

  /// Floating-point operations per image; a multiply-add counts two.
  package var operations: Int { steps.reduce(0) { $0 + $1.operations } }

  /// Those of them that are computed per image; see ``PlannedStep/arithmetic``.
  package var arithmetic: Int { steps.reduce(0) { $0 + $1.arithmetic } }
}

extension DataflowGraph {
  /// Appends the wanted pooling; an output that is one pixel already needs none.
  fileprivate mutating func pool(_ node: Int, _ pooling: Plan.Pooling) -> Int {
    let size = self[node].size
    if size.pixels == 1 { return node }
    let (name, reduction): (String, Reduction)
    switch pooling {
    case .none: return node
    case .average: (name, reduction) = ("avg_pool", .average)
    case .maximum: (name, reduction) = ("max_pool", .maximum(paddedWithZeros: false))
    }
    return append(
      Node(
        layers: [name], work: .pooling(size.wholeWindow, reduction), inputs: [node],
        size: ImageSize(height: 1, width: 1, channels: size.channels)))
  }
}

extension ImageSize {
  fileprivate var shape: TensorShape { [height, width, channels] }
}

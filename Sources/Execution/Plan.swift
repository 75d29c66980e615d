package import Catalog
package import Kernels
package import Tensors

/// A network ready to run at one input size: steps in order, weights packed, memory placed.
///
/// Immutable and shareable: any number of sessions may run one plan at a time.
package struct Plan: Sendable {
  /// One image, `[H, W, C]`.
  package let inputShape: TensorShape
  /// What is read when all steps have run, in the order it was asked for; one unless more was.
  package private(set) var outputs: [Output]
  /// What runs, in order.
  package private(set) var steps: [PlannedStep]
  /// The kernels it was planned for.
  package let variant: KernelVariant

  let inputPlace: Place
  let bytesPerImage: Int
  /// The activation that the last step pools, where there is one output and it is pooled.
  private let pooled: Output?
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
    let graph = try graph.ending(in: options.outputs)
    let source = try ParameterSource(
      graph, height: height, width: width, storage: storage, lookup: parameters)
    var network = try Lowering.graph(
      graph, height: height, width: width, parameters: source, outputs: options.outputs)
    network.simplify()
    network.prepareForCPU(options.arithmetic)
    let unpooled = network.outputs
    let nodes = unpooled.map { network.pool($0, options.pooling) }
    let arena = Arena(network, outputs: nodes)
    try Self.checkMemory(arena: arena.size, weights: source.elementCount)
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
    let shapes = try Self.shapes(of: graph, height: height, width: width, options.outputs)
    outputs = zip(nodes, shapes).map { node, shape in
      let size = network[node].size
      return Output(
        shape: options.pooling == .none ? shape : [size.channels], place: arena.place(of: node), size: size)
    }
    pooled =
      nodes == unpooled || nodes.count > 1
      ? nil
      : Output(
        shape: network[unpooled[0]].size.shape, place: arena.place(of: unpooled[0]),
        size: network[unpooled[0]].size)
  }

  /// One image's features: `[H, W, C]`, or `[C]` after pooling, flattening or a dense layer; the first of several.
  package var outputShape: TensorShape { outputs[0].shape }

  /// The same network of one output without the pooling at its end: `[H, W, C]`. Shares the weights with this plan.
  package var withoutPooling: Plan {
    guard let pooled else { return self }
    var plan = self
    plan.steps.removeLast()
    plan.outputs = [pooled]
    return plan
  }

  /// Verifies the weights that were left to be packed, unless they are verified already.
  package func verify(on pool: ThreadPool) throws { try weights.verify(on: pool) }

  private static func checkMemory(arena: Int, weights: Int) throws(ExecutionError) {
    let needed = MemoryLimit.product(weights, MemoryLayout<Float>.size)?.addingReportingOverflow(arena)
    if let needed, !needed.overflow, needed.partialValue <= MemoryLimit.byteCount { return }
    let bytes = needed.map { $0.overflow ? Int.max : $0.partialValue } ?? .max
    throw .notEnoughMemory(neededBytes: bytes, availableBytes: MemoryLimit.byteCount)
  }

  /// The shapes of the layers called `names`, of the last where there are none.
  private static func shapes(
    of graph: LayerGraph, height: Int, width: Int, _ names: [String]
  ) throws(ExecutionError) -> [TensorShape] {
    do {
      let shapes = try graph.activationShapes(height: height, width: width)
      let named = Dictionary(zip(graph.layers.map(\.name), shapes), uniquingKeysWith: { first, _ in first })
      return names.isEmpty ? shapes.suffix(1) : names.compactMap { named[$0] }
    } catch {
      throw ExecutionError(error)
    }
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

  /// What a plan computes of one image, and where it lies.
  package struct Output: Sendable {
    /// `[H, W, C]`, or `[C]` after pooling, flattening or a dense layer.
    package let shape: TensorShape
    let place: Place
    let size: ImageSize
  }

  /// What a plan leaves open.
  package struct Options: Sendable {
    /// The layers whose outputs are wanted, all computed in one pass; none for the last.
    package var outputs: [String]
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
      outputs = output.map { [$0] } ?? []
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

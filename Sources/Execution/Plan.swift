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
  private(set) var executable: any Executable
  /// What ran before its one output was pooled, where it is.
  private var unpooled: (executable: any Executable, output: Output)?
  private var weights: [ParameterSource]
  private let options: Options

  /// Plans `graph` for images of `height` times `width`.
  ///
  /// Batch normalisations are folded into the layers before them in double precision, biases, additions and
  /// rectifications become part of convolutions, padding is left to windows, and branches write their slices
  /// of concatenations.
  ///
  /// - Parameter stored: finds a parameter by name (`conv1_conv/kernel`), or returns nil.
  /// - Throws: ``ExecutionError``, and whatever finding and reading parameters throws.
  /// - Complexity: O(parameters).
  package init(
    graph: LayerGraph, stored: (String) throws -> StoredParameter?, height: Int, width: Int,
    options: Options = Options(), pool: ThreadPool = .shared
  ) throws {
    let graph = try graph.ending(in: options.outputs)
    let source = try ParameterSource(graph, height: height, width: width, lookup: stored)
    let network = try Lowering.graph(
      graph, height: height, width: width, parameters: source, outputs: options.outputs
    ).simplified
    let shapes = try Self.shapes(of: graph, height: height, width: width, options.outputs)
    let whole = try options.backend.compile(Computation(network, source, options), on: pool)
    executable = try Self.pooled(whole, network, options, pool)
    self.options = options
    weights = [source]
    inputShape = network[0].size.shape
    let size = network[network.outputs[0]].size
    let isPooled = shapes.count == 1 && options.pooling.graph(of: size) != nil
    unpooled = isPooled ? (whole, Output(shape: size.shape)) : nil
    outputs = zip(network.outputs, shapes).map { node, shape in
      Output(shape: options.pooling == .none ? shape : [network[node].size.channels])
    }
  }

  /// The same with parameters that are in memory.
  package init(
    graph: LayerGraph, parameters: (String) throws -> TensorView?, height: Int, width: Int,
    options: Options = Options(), pool: ThreadPool = .shared
  ) throws {
    try self.init(
      graph: graph, stored: { try parameters($0).map(StoredParameter.init) }, height: height, width: width,
      options: options, pool: pool)
  }

  /// Puts the wanted pooling behind every output; one that is one pixel already needs none.
  private static func pooled(
    _ whole: any Executable, _ network: DataflowGraph, _ options: Options, _ pool: ThreadPool
  ) throws -> any Executable {
    var executable = whole
    for (index, node) in network.outputs.enumerated() {
      guard let pooling = options.pooling.graph(of: network[node].size) else { continue }
      executable = try executable.appending(
        Computation(pooling, .none, options), toOutput: index, on: pool)
    }
    return executable
  }

  /// The network with more layers behind its output, in one pass: what goes into their input layer is this plan's one output.
  /// Weights and memory of this plan are shared, and what it computes stays as it is to the bit: nothing is fused across.
  ///
  /// - Parameters:
  ///   - layers: their input layer first.
  ///   - outputs: which of them are wanted; none for the last.
  ///   - parameters: finds one of theirs by name, or returns nil.
  /// - Throws: ``ExecutionError``, and whatever `parameters` throws.
  package func appending(
    _ layers: LayerGraph, outputs wanted: [String] = [], parameters: (String) throws -> TensorView?,
    pool: ThreadPool = .shared
  ) throws -> Plan {
    let size = ImageSize(outputShape)
    let source = try ParameterSource(layers, height: size.height, width: size.width) {
      try parameters($0).map(StoredParameter.init)
    }
    let graph = try Lowering.graph(
      layers, height: size.height, width: size.width, parameters: source, outputs: wanted
    ).simplified
    guard graph[0].size == size else {
      throw ExecutionError.invalidGraph(
        layer: layers.layers[0].name,
        problem: "it reads \(graph[0].size.shape); expected \(size.shape), which comes before it")
    }
    var plan = self
    plan.executable = try executable.appending(
      Computation(graph, source, options), toOutput: 0, on: pool)
    plan.weights.append(source)
    plan.unpooled = nil
    plan.outputs = try Self.shapes(of: layers, height: size.height, width: size.width, wanted)
      .map { Output(shape: $0) }
    return plan
  }

  /// One image's features: `[H, W, C]`, or `[C]` after pooling, flattening or a dense layer; the first of several.
  package var outputShape: TensorShape { outputs[0].shape }

  /// The same network of one output without the pooling at its end: `[H, W, C]`. Shares the weights with this plan.
  package var withoutPooling: Plan {
    guard let unpooled else { return self }
    var plan = self
    plan.executable = unpooled.executable
    plan.outputs = [unpooled.output]
    return plan
  }

  /// Verifies the weights that were left to be packed, unless they are verified already.
  package func verify(on pool: ThreadPool) throws { try weights.forEach { try $0.verify(on: pool) } }

  /// The shapes of the layers called `names`, of the last where there are none.
  static func shapes(
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

  /// What a plan computes of one image.
  package struct Output: Sendable {
    /// `[H, W, C]`, or `[C]` after pooling, flattening or a dense layer.
    package let shape: TensorShape
  }

  /// What a plan leaves open.
  package struct Options: Sendable {
    /// The layers whose outputs are wanted, all computed in one pass; none for the last.
    package var outputs: [String]
    package var pooling: Pooling
    package var arithmetic: Arithmetic
    /// What runs it.
    package var backend: any Backend
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
      backend = CPUBackend(variant: variant)
      self.arithmetic = arithmetic
    }
  }

  /// What runs, in order.
  package var steps: [PlannedStep] { executable.steps }

  /// Floating-point operations per image; a multiply-add counts two.
  package var operations: Int { steps.reduce(0) { $0 + $1.operations } }

  /// Those of them that are computed per image; see ``PlannedStep/arithmetic``.
  package var arithmetic: Int { steps.reduce(0) { $0 + $1.arithmetic } }
}

extension Computation {
  fileprivate init(_ graph: DataflowGraph, _ parameters: ParameterSource, _ options: Plan.Options) {
    self.init(
      graph: graph, parameters: parameters, arithmetic: options.arithmetic, images: options.images)
  }
}

extension Plan.Pooling {
  /// The pooling of all pixels of an image; nil where there is none to be done.
  fileprivate func graph(of size: ImageSize) -> DataflowGraph? {
    if size.pixels == 1 { return nil }
    let (name, reduction): (String, Reduction)
    switch self {
    case .none: return nil
    case .average: (name, reduction) = ("avg_pool", .average)
    case .maximum: (name, reduction) = ("max_pool", .maximum(paddedWithZeros: false))
    }
    var graph = DataflowGraph()
    let image = graph.append(Node(layers: [], work: .input, inputs: [], size: size))
    let pooled = graph.append(
      Node(
        layers: [name], work: .pooling(size.wholeWindow, reduction), inputs: [image],
        size: ImageSize(height: 1, width: 1, channels: size.channels)))
    graph.outputs = [pooled]
    return graph
  }
}

extension ImageSize {
  fileprivate var shape: TensorShape { [height, width, channels] }
}

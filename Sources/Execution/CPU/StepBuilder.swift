import Catalog
import Kernels
import Tensors

/// Turns nodes into steps: looks up places, chooses algorithms, says how weights are packed.
struct StepBuilder {
  let graph: DataflowGraph
  let arena: Arena
  let parameters: ParameterSource
  let variant: KernelVariant
  let arithmetic: Arithmetic
  /// How many images will be run in all; nil where nobody knows.
  let images: Int?

  init(graph: DataflowGraph, arena: Arena, variant: KernelVariant, _ computation: Computation) {
    (self.graph, self.arena, self.variant) = (graph, arena, variant)
    (parameters, arithmetic, images) = (computation.parameters, computation.arithmetic, computation.images)
  }

  /// The steps of one node; none where nothing is left to do.
  func steps(of id: Int) -> [CPUStep] {
    let node = graph[id]
    let output = arena.place(of: id)
    switch node.work {
    case .input: return []
    case .convolution(let convolution):
      return [self.convolution(node, convolution, to: output)]
    case .separable(let separable):
      return [self.separable(node, separable, to: output)]
    case .depthwise(let depthwise): return [self.depthwise(node, depthwise, to: output)]
    case .pointwise(let convolution, let stages):
      return [pointwise(node, convolution, behind: stages, to: output)]
    case .lineMeans: return []
    case .elementwise: return [elementwise(node, to: output)]
    case .sum: return sum(node, to: output)
    case .combine(let pairing): return combination(node, pairing, to: output)
    case .select(let selection): return [gather(node, selection, to: output)]
    case .concatenate: return copies(node, to: output)
    case .pooling(let window, let reduction):
      let step = PoolingStep(
        window: window, reduction: reduction.kernel, variant: variant, from: input(of: node), to: output)
      return [CPUStep(node, "pooling", step, operations: window.area * node.size.elements)]
    case .pad(let insets):
      let step = CopyStep(
        size: inputSize(of: node), result: node.size, top: insets.top, left: insets.left,
        from: input(of: node), to: output)
      return [CPUStep(node, "copy", step)]
    case .spaceToDepth(let window):
      let step = SpaceToDepthStep(window: window, from: input(of: node), to: output)
      return [CPUStep(node, "copy", step)]
    case .reshape:
      let size = inputSize(of: node)
      var dense = output
      dense.stride = size.channels
      return [
        CPUStep(node, "copy", CopyStep(size: size, result: size, from: input(of: node), to: dense))
      ]
    case .standardize(let standardization):
      let step = StandardizationStep(
        size: node.size, groups: standardization.groups,
        pixelByPixel: standardization.span == .pixel, epsilon: Float(standardization.epsilon),
        scale: node.tail.affine?.scale.map { Float($0) }, shift: node.tail.affine?.shift.map { Float($0) },
        variant: variant, from: input(of: node), to: output)
      return [CPUStep(node, "normalization", step, operations: 5 * node.size.elements)]
    case .resize:
      let step = BilinearStep(size: inputSize(of: node), result: node.size, from: input(of: node), to: output)
      return [CPUStep(node, "resize", step, operations: 8 * node.size.elements)]
    case .constant(let values):
      return [CPUStep(node, "copy", ConstantStep(values, size: node.size, to: output))]
    case .channels(let function):
      let step = ChannelStep(
        function.kernel, size: node.size, variant: variant, from: input(of: node), to: output)
      return [CPUStep(node, "activation", step)]
    }
  }

  /// Where the output of a node's input lies.
  func input(of node: Node, _ index: Int = 0) -> Place { arena.place(of: node.inputs[index]) }

  func inputSize(of node: Node, _ index: Int = 0) -> ImageSize { graph[node.inputs[index]].size }

  /// A selection, whose positions are distances where its input lies.
  private func gather(_ node: Node, _ selection: Selection, to output: Place) -> CPUStep {
    let (source, size) = (input(of: node), inputSize(of: node))
    func distances(_ axis: Selection.Positions) -> [Int?] {
      let step =
        switch axis.axis {
        case .rows: size.width * source.stride
        case .columns: source.stride
        case .channels: 1
        }
      return axis.positions.map { $0.map { $0 * step } }
    }
    let step = GatherStep(
      .init(
        rows: distances(selection.rows), columns: distances(selection.columns),
        channels: distances(selection.channels)),
      size: size, from: source, to: output)
    return CPUStep(node, "copy", step)
  }

  /// What a concatenation still has to do: copy those inputs that could not be written in place.
  private func copies(_ node: Node, to output: Place) -> [CPUStep] {
    var steps: [CPUStep] = []
    var place = output
    for index in node.inputs.indices {
      let (source, size) = (input(of: node, index), inputSize(of: node, index))
      if source != place {
        steps.append(
          CPUStep(node, "copy", CopyStep(size: size, result: size, from: source, to: place)))
      }
      place.channel += size.channels
    }
    return steps
  }
}

extension Reduction {
  fileprivate var kernel: PoolingStep.Reduction {
    switch self {
    case .maximum(let paddedWithZeros): .maximum(paddedWithZeros: paddedWithZeros)
    case .average: .average
    }
  }
}

extension ChannelFunction {
  fileprivate var kernel: ChannelStep.Function {
    switch self {
    case .softmax: .softmax
    case .unitNormalization: .unitNormalization
    }
  }
}

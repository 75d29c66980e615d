import Catalog
import Kernels

/// Turns nodes into steps: looks up places, packs weights.
struct Lowering {
  let draft: Draft
  let arena: Arena
  let variant: KernelVariant

  /// The steps of one node; none where nothing is left to do.
  func steps(of id: Int) -> [PlannedStep] {
    let node = draft.nodes[id]
    let output = arena.place(of: id)
    switch node.work {
    case .concatenate: return copies(id)
    default: break
    }
    guard let first = node.inputs.first else { return [] }
    let input = arena.place(of: first)
    let inputSize = draft.nodes[first].size
    switch node.work {
    case .input, .concatenate: return []
    case .convolution(let linear): return [convolution(node, linear, from: input, to: output)]
    case .separable(let linear, let rectifiesInput):
      return [separable(node, linear, rectifiesInput, from: input, to: output)]
    case .maximum(let window, let paddedWithZeros):
      let reduction = PoolingStep.Reduction.maximum(paddedWithZeros: paddedWithZeros)
      return [pooling(node, window, reduction, from: input, to: output)]
    case .average(let window): return [pooling(node, window, .average, from: input, to: output)]
    case .affine(let affine, let rectifies):
      let (scale, shift) = (affine.scale.map { Float($0) }, affine.shift.map { Float($0) })
      return [
        elementwise(
          node, .affine(scale: scale, shift: shift, rectifies ? .relu : .linear), from: input, to: output)
      ]
    case .rectify: return [elementwise(node, .activation(.relu), from: input, to: output)]
    case .add(let rectifies):
      let other = arena.place(of: node.inputs[1])
      return [elementwise(node, .add(other, rectifies ? .relu : .linear), from: input, to: output)]
    case .activation(let kind): return activation(node, kind, from: input, to: output)
    case .pad(let insets):
      let step = CopyStep(
        size: inputSize, result: node.size, top: insets.top, left: insets.left, from: input, to: output)
      return [PlannedStep(node, "copy", step)]
    case .spaceToDepth(let window):
      return [PlannedStep(node, "copy", SpaceToDepthStep(window: window, from: input, to: output))]
    case .flatten:
      let dense = Place(offset: output.offset, channel: output.channel, stride: inputSize.channels)
      return [
        PlannedStep(node, "copy", CopyStep(size: inputSize, result: inputSize, from: input, to: dense))
      ]
    }
  }

  /// What a concatenation still has to do: copy those inputs that could not be written in place.
  private func copies(_ id: Int) -> [PlannedStep] {
    let node = draft.nodes[id]
    var steps: [PlannedStep] = []
    var place = arena.place(of: id)
    for input in node.inputs {
      let size = draft.nodes[input].size
      let source = arena.place(of: input)
      if source != place {
        steps.append(
          PlannedStep(node, "copy", CopyStep(size: size, result: size, from: source, to: place)))
      }
      place.channel += size.channels
    }
    return steps
  }

  private func convolution(
    _ node: Node, _ linear: Linear, from input: Place, to output: Place
  ) -> PlannedStep {
    let depth = linear.window.area * linear.window.input.channels
    let operations = 2 * depth * linear.filters * node.size.pixels
    switch algorithm(of: linear) {
    case .direct:
      let floats = PackedWeights.floats(depth: depth, columns: linear.filters, variant: variant)
      return PlannedStep(
        node, "convolution", operations: operations, weights: floats,
        pack: packing(linear) { packing in
          ConvolutionStep(
            window: linear.window, weights: packed(linear, role: "kernel", depth: depth, packing),
            epilogue: epilogue(node, linear), from: input, to: output)
        })
    case .winograd(let form):
      return winograd(node, linear, form, operations: operations, from: input, to: output)
    case .strassen:
      return strassen(
        node, linear, "strassen", role: "kernel", operations: operations, from: input, to: output
      ) { nil }
    }
  }

  /// A pointwise convolution, alone or behind a depthwise one.
  private func strassen(
    _ node: Node, _ linear: Linear, _ algorithm: String, role: String, operations: Int, from input: Place,
    to output: Place, depthwise: @escaping @Sendable () -> DepthwiseKernel?
  ) -> PlannedStep {
    let channels = linear.window.input.channels
    return PlannedStep(
      node, algorithm, operations: operations,
      scratch: StrassenStep.scratch(channels: channels, variant: variant),
      weights: StrassenWeights.floats(channels: channels, filters: linear.filters, variant: variant),
      pack: packing(linear) { packing in
        let weights = draft.parameters.withFloats(linear.layer, role) { kernel in
          StrassenWeights(
            kernel, channels: channels, filters: linear.filters, scale: linear.affine?.scale,
            packing: packing, variant: variant)
        }
        return StrassenStep(
          window: linear.window, depthwise: depthwise(), weights: weights, epilogue: epilogue(node, linear),
          from: input, to: output)
      })
  }

  /// What `pack` makes of a layer's kernels, ahead of which they are verified.
  private func packing(
    _ linear: Linear, _ pack: @escaping @Sendable (Packing) -> any KernelStep
  ) -> @Sendable (Packing) throws -> any KernelStep {
    { packing in
      try draft.parameters.withKernels(of: linear.layer, on: packing.pool) { pack(packing) }
    }
  }

  private func algorithm(of linear: Linear) -> AlgorithmChoice.Convolution {
    if let form = linear.formOverBlocks { return .winograd(form) }
    return draft.isExact ? .direct : AlgorithmChoice.convolution(linear.window, filters: linear.filters)
  }

  private func winograd(
    _ node: Node, _ linear: Linear, _ form: WinogradForm, operations: Int, from input: Place, to output: Place
  ) -> PlannedStep {
    let window = linear.formOverBlocks == nil ? linear.window : linear.window.overBlocks
    let (channels, filters) = (window.input.channels, linear.filters)
    let transformation = AlgorithmChoice.transformation(form, channels: channels, filters: filters)
    return PlannedStep(
      node, "winograd", operations: operations,
      scratch: WinogradStep.scratch(form, channels: channels, variant: variant),
      weights: WinogradWeights.floats(
        form, transformed: transformation, channels: channels, filters: filters, variant: variant),
      pack: packing(linear) { packing in
        let weights = withKernel(of: linear) { kernel in
          WinogradWeights(
            form, kernel, transformed: transformation, channels: channels, filters: filters,
            scale: linear.affine?.scale, packing: packing, variant: variant)
        }
        return WinogradStep(
          window: window, defined: linear.window, weights: weights, epilogue: epilogue(node, linear),
          from: input, to: output)
      })
  }

  /// Lends a convolution's kernel as its node reads it: over pixels or over blocks of them.
  private func withKernel<Result>(of linear: Linear, _ body: (Span<Float>) -> Result) -> Result {
    draft.parameters.withFloats(linear.layer, "kernel") { kernel in
      guard linear.formOverBlocks != nil else { return body(kernel) }
      return body(linear.window.kernelOverBlocks(kernel, filters: linear.filters).span)
    }
  }

  private func separable(
    _ node: Node, _ linear: Linear, _ rectifiesInput: Bool, from input: Place, to output: Place
  ) -> PlannedStep {
    let channels = linear.window.input.channels
    let operations = 2 * node.size.pixels * channels * (linear.window.area + linear.filters)
    let depthwise: @Sendable () -> DepthwiseKernel = {
      DepthwiseKernel(
        draft.parameters.floats(linear.layer, "depthwise_kernel"), inputClamp: rectifiesInput ? .relu : nil)
    }
    if !draft.isExact, AlgorithmChoice.pointwise(linear.window, filters: linear.filters) == .strassen {
      return strassen(
        node, linear, "separable strassen", role: "pointwise_kernel", operations: operations, from: input,
        to: output, depthwise: depthwise)
    }
    return PlannedStep(
      node, "separable", operations: operations, scratch: SeparableStep.scratch(channels: channels),
      weights: PackedWeights.floats(depth: channels, columns: linear.filters, variant: variant),
      pack: packing(linear) { packing in
        SeparableStep(
          window: linear.window, depthwise: depthwise(),
          pointwise: packed(linear, role: "pointwise_kernel", depth: channels, packing),
          epilogue: epilogue(node, linear), from: input, to: output)
      })
  }

  private func packed(_ linear: Linear, role: String, depth: Int, _ packing: Packing) -> PackedWeights {
    draft.parameters.withFloats(linear.layer, role) { kernel in
      PackedWeights(
        kernel, depth: depth, columns: linear.filters, scale: linear.affine?.scale, packing: packing,
        variant: variant)
    }
  }

  private func epilogue(_ node: Node, _ linear: Linear) -> Epilogue {
    Epilogue(
      bias: linear.affine?.shift.map { Float($0) },
      residual: linear.addsInput ? arena.place(of: node.inputs[1]) : nil,
      activation: linear.rectifies ? .relu : .linear,
      variant: variant)
  }

  private func pooling(
    _ node: Node, _ window: Window, _ reduction: PoolingStep.Reduction, from input: Place, to output: Place
  ) -> PlannedStep {
    let step = PoolingStep(window: window, reduction: reduction, variant: variant, from: input, to: output)
    return PlannedStep(node, "pooling", step, operations: window.area * node.size.elements)
  }

  private func elementwise(
    _ node: Node, _ function: ElementwiseStep.Function, from input: Place, to output: Place
  ) -> PlannedStep {
    let step = ElementwiseStep(function, size: node.size, variant: variant, from: input, to: output)
    return PlannedStep(node, "elementwise", step, operations: node.size.elements)
  }

  private func activation(
    _ node: Node, _ kind: Activation, from input: Place, to output: Place
  ) -> [PlannedStep] {
    let function: ActivationStep.Function
    switch kind {
    case .sigmoid: function = .sigmoid
    case .tanh: function = .tanh
    case .softmax: function = .softmax
    case .linear, .relu: return []
    }
    return [
      PlannedStep(node, "activation", ActivationStep(function, size: node.size, from: input, to: output))
    ]
  }
}

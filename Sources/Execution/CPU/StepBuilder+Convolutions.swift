import Kernels

/// Steps with kernels to be packed.
extension StepBuilder {
  func convolution(_ node: Node, _ convolution: Convolution, to output: Place) -> PlannedStep {
    let work = PackedWork(
      node: node, layer: convolution.layer, role: "kernel", window: convolution.window,
      filters: convolution.filters, input: input(of: node), output: output)
    switch algorithm(of: node, convolution) {
    case .direct: return direct(work)
    case .winograd(let form): return winograd(work, form)
    case .strassen: return strassen(work, "strassen") { nil }
    }
  }

  func separable(_ node: Node, _ separable: Separable, to output: Place) -> PlannedStep {
    let work = PackedWork(
      node: node, layer: separable.layer, role: "pointwise_kernel", window: separable.window,
      filters: separable.filters, input: input(of: node), output: output)
    let depthwise: @Sendable () -> DepthwiseKernel = {
      DepthwiseKernel(
        parameters.floats(work.layer, "depthwise_kernel"), inputClamp: separable.inputClamp)
    }
    if !isExact, AlgorithmChoice.pointwise(work.window, filters: work.filters) == .strassen {
      return strassen(work, "separable strassen", depthwise: depthwise)
    }
    return PlannedStep(
      node, "separable", operations: work.separableOperations,
      scratch: SeparableStep.scratch(channels: work.channels),
      weights: PackedWeights.floats(depth: work.channels, columns: work.filters, variant: variant),
      pack: packing(work) { packing in
        SeparableStep(
          window: work.window, depthwise: depthwise(),
          pointwise: packed(work, depth: work.channels, packing), epilogue: epilogue(node), from: work.input,
          to: output)
      })
  }

  private func algorithm(of node: Node, _ convolution: Convolution) -> AlgorithmChoice.Convolution {
    if readsBlocks(node), let form = AlgorithmChoice.formOverBlocks(convolution.window) {
      return .winograd(form)
    }
    return isExact
      ? .direct : AlgorithmChoice.convolution(convolution.window, filters: convolution.filters)
  }

  /// Whether what a node reads are pixels of 2 x 2 pixels.
  private func readsBlocks(_ node: Node) -> Bool {
    if case .spaceToDepth = graph[node.inputs[0]].work { true } else { false }
  }

  private func direct(_ work: PackedWork) -> PlannedStep {
    let depth = work.window.area * work.channels
    return PlannedStep(
      work.node, "convolution", operations: work.operations,
      weights: PackedWeights.floats(depth: depth, columns: work.filters, variant: variant),
      pack: packing(work) { packing in
        ConvolutionStep(
          window: work.window, weights: packed(work, depth: depth, packing), epilogue: epilogue(work.node),
          from: work.input, to: work.output)
      })
  }

  private func winograd(_ work: PackedWork, _ form: WinogradForm) -> PlannedStep {
    let overBlocks = readsBlocks(work.node)
    let window = overBlocks ? work.window.overBlocks : work.window
    let channels = window.input.channels
    let transformation = AlgorithmChoice.transformation(form, channels: channels, filters: work.filters)
    return PlannedStep(
      work.node, "winograd", operations: work.operations,
      scratch: WinogradStep.scratch(form, channels: channels, variant: variant),
      weights: WinogradWeights.floats(
        form, transformed: transformation, channels: channels, filters: work.filters, variant: variant),
      pack: packing(work) { packing in
        let weights = withKernel(of: work, overBlocks: overBlocks) { kernel in
          WinogradWeights(
            form, kernel, transformed: transformation, channels: channels, filters: work.filters,
            scale: work.node.tail.affine?.scale, packing: packing, variant: variant)
        }
        return WinogradStep(
          window: window, defined: work.window, weights: weights, epilogue: epilogue(work.node),
          from: work.input, to: work.output)
      })
  }

  /// A pointwise convolution, alone or behind a depthwise one.
  private func strassen(
    _ work: PackedWork, _ algorithm: String, depthwise: @escaping @Sendable () -> DepthwiseKernel?
  ) -> PlannedStep {
    PlannedStep(
      work.node, algorithm, operations: work.separableOperations,
      scratch: StrassenStep.scratch(channels: work.channels, variant: variant),
      weights: StrassenWeights.floats(channels: work.channels, filters: work.filters, variant: variant),
      pack: packing(work) { packing in
        let weights = parameters.withFloats(work.layer, work.role) { kernel in
          StrassenWeights(
            kernel, channels: work.channels, filters: work.filters, scale: work.node.tail.affine?.scale,
            packing: packing, variant: variant)
        }
        return StrassenStep(
          window: work.window, depthwise: depthwise(), weights: weights, epilogue: epilogue(work.node),
          from: work.input, to: work.output)
      })
  }

  /// What `pack` makes of a layer's kernels, ahead of which they are verified.
  private func packing(
    _ work: PackedWork, _ pack: @escaping @Sendable (Packing) -> any KernelStep
  ) -> @Sendable (Packing) throws -> any KernelStep {
    { packing in try parameters.withKernels(of: work.layer, on: packing.pool) { pack(packing) } }
  }

  /// Lends a convolution's kernel as its node reads it: over pixels or over blocks of them.
  private func withKernel<Result>(
    of work: PackedWork, overBlocks: Bool, _ body: (Span<Float>) -> Result
  ) -> Result {
    parameters.withFloats(work.layer, work.role) { kernel in
      guard overBlocks else { return body(kernel) }
      return body(work.window.kernelOverBlocks(kernel, filters: work.filters).span)
    }
  }

  private func packed(_ work: PackedWork, depth: Int, _ packing: Packing) -> PackedWeights {
    parameters.withFloats(work.layer, work.role) { kernel in
      PackedWeights(
        kernel, depth: depth, columns: work.filters, scale: work.node.tail.affine?.scale, packing: packing,
        variant: variant)
    }
  }

  private func epilogue(_ node: Node) -> Epilogue {
    Epilogue(
      bias: node.tail.affine?.shift.map { Float($0) }, residual: node.residual.map(arena.place),
      activation: node.kernelActivation, variant: variant)
  }
}

/// A convolution with all that its steps have in common.
private struct PackedWork {
  var node: Node
  var layer: String
  /// The name of the parameter that is packed.
  var role: String
  /// The window as the layer defines it.
  var window: Window
  var filters: Int
  var input: Place
  var output: Place

  var channels: Int { window.input.channels }

  /// Floating-point operations an image, as a convolution defines them.
  var operations: Int { 2 * window.area * channels * filters * node.size.pixels }

  /// Floating-point operations an image, of a depthwise convolution too where there is one.
  var separableOperations: Int {
    if case .separable = node.work { return 2 * node.size.pixels * channels * (window.area + filters) }
    return operations
  }
}

extension Separable {
  /// What every input goes through first, as kernels know it.
  fileprivate var inputClamp: Clamp? {
    guard case .clamp(let clamp) = KernelActivation(inputActivation) else { return nil }
    return clamp
  }
}

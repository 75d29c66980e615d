import Catalog
import Kernels
import Tensors

/// Steps with kernels to be packed.
extension StepBuilder {
  func convolution(_ node: Node, _ convolution: Convolution, to output: Place) -> CPUStep {
    let work = PackedWork(
      node: node, layer: convolution.layer, role: "kernel", window: convolution.window,
      filters: convolution.filters, groups: convolution.groups,
      isTransposed: convolution.isTransposed, input: input(of: node), output: output)
    if work.groups > 1 { return grouped(work) }
    switch algorithm(of: node, convolution) {
    case .direct: return direct(work)
    case .winograd(let form): return winograd(work, form)
    case .strassen: return strassen(work, "strassen") { _ in PixelSource(work.window) }
    }
  }

  func separable(_ node: Node, _ separable: Separable, to output: Place) -> CPUStep {
    let work = PackedWork(
      node: node, layer: separable.layer, role: "pointwise_kernel", window: separable.window,
      filters: separable.filters, input: input(of: node), output: output)
    let depth = work.channels * separable.multiplier
    let source: @Sendable (LayerKernels) -> PixelSource = { kernels in
      let kernel = DepthwiseKernel(
        kernels.floats(work.layer, "depthwise_kernel"), multiplier: separable.multiplier,
        inputClamp: separable.inputActivation.kernelClamp)
      return PixelSource(DepthwiseConvolution(window: work.window, kernel: kernel))
    }
    if !arithmetic.isExact, separable.multiplier == 1,
      AlgorithmChoice.pointwise(work.window, filters: work.filters) == .strassen
    {
      return strassen(work, "separable strassen", of: source)
    }
    return CPUStep(
      node, "separable", operations: 2 * node.size.pixels * depth * (work.window.area + work.filters),
      scratch: PointwiseStep.scratch(channels: depth),
      weights: PackedWeights.byteCount(depth: depth, columns: work.filters, variant: variant),
      pack: packing(work) { packing, kernels in
        PointwiseStep(
          of: source(kernels), weights: packed(work, kernels, depth: depth, packing),
          epilogue: epilogue(node),
          from: work.input, to: output)
      })
  }

  func depthwise(_ node: Node, _ depthwise: Depthwise, to output: Place) -> CPUStep {
    let layer = depthwise.layer
    return CPUStep(
      node, "depthwise", operations: 2 * depthwise.window.area * node.size.elements,
      weights: parameters.kernelByteCount(layer),
      pack: { packing in
        DepthwiseStep(
          convolution(depthwise, node.tail, try parameters.kernels(of: [layer], on: packing.pool)),
          variant: variant, from: input(of: node), to: output,
          lineMeans: depthwise.writesLineMeans ? input(of: node, 1) : nil)
      })
  }

  /// A depthwise convolution with what follows its sums.
  func convolution(_ depthwise: Depthwise, _ tail: Tail, _ kernels: LayerKernels) -> DepthwiseConvolution {
    let kernel = DepthwiseKernel(
      kernels.floats(depthwise.layer, depthwise.role), multiplier: depthwise.multiplier,
      scale: tail.affine?.scale, inputClamp: depthwise.inputActivation.kernelClamp)
    return DepthwiseConvolution(
      window: depthwise.window, kernel: kernel, bias: tail.affine?.shift.map { Float($0) },
      activation: KernelActivation(tail.activation))
  }

  private func grouped(_ work: PackedWork) -> CPUStep {
    CPUStep(
      work.node, "grouped convolution", operations: work.operations,
      weights: GroupedConvolutionStep.byteCount(
        window: work.window, groups: work.groups, filters: work.filters, variant: variant),
      pack: packing(work) { packing, kernels in
        withKernel(of: work, kernels) { kernel in
          GroupedConvolutionStep(
            window: work.window, kernel, groups: work.groups, filters: work.filters,
            scale: work.node.tail.affine?.scale, bias: work.node.tail.affine?.shift.map { Float($0) },
            residual: work.node.residual.map(arena.place), activation: work.node.kernelActivation,
            packing: packing, variant: variant, from: work.input, to: work.output)
        }
      })
  }

  private func algorithm(of node: Node, _ convolution: Convolution) -> AlgorithmChoice.Convolution {
    if readsBlocks(node), let form = AlgorithmChoice.formOverBlocks(convolution.window) {
      return .winograd(form)
    }
    return arithmetic.isExact
      ? .direct : AlgorithmChoice.convolution(convolution.window, filters: convolution.filters)
  }

  /// Whether what a node reads are pixels of 2 x 2 pixels.
  private func readsBlocks(_ node: Node) -> Bool {
    if case .spaceToDepth = graph[node.inputs[0]].work { true } else { false }
  }

  private func direct(_ work: PackedWork) -> CPUStep {
    let depth = work.window.area * work.channels
    return CPUStep(
      work.node, "convolution", operations: work.operations,
      weights: PackedWeights.byteCount(depth: depth, columns: work.filters, variant: variant),
      pack: packing(work) { packing, kernels in
        ConvolutionStep(
          window: work.window, weights: packed(work, kernels, depth: depth, packing),
          epilogue: epilogue(work.node), from: work.input, to: work.output)
      })
  }

  private func winograd(_ work: PackedWork, _ form: WinogradForm) -> CPUStep {
    let overBlocks = readsBlocks(work.node)
    let window = overBlocks ? work.window.overBlocks : work.window
    let channels = window.input.channels
    let transformation = KernelTransformation.preferred(form, channels: channels, filters: work.filters)
    return CPUStep(
      work.node, "winograd", operations: work.operations,
      scratch: WinogradStep.scratch(form, channels: channels, variant: variant),
      weights: WinogradWeights.byteCount(
        form, transformed: transformation, channels: channels, filters: work.filters, variant: variant),
      pack: packing(work) { packing, kernels in
        let weights = withKernel(of: work, kernels, overBlocks: overBlocks) { kernel in
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
  func strassen(
    _ work: PackedWork, _ algorithm: String, of source: @escaping @Sendable (LayerKernels) -> PixelSource
  ) -> CPUStep {
    CPUStep(
      work.node, algorithm, operations: work.separableOperations,
      scratch: StrassenStep.scratch(channels: work.channels, variant: variant),
      weights: StrassenWeights.byteCount(channels: work.channels, filters: work.filters, variant: variant),
      pack: packing(work) { packing, kernels in
        let weights = withKernel(of: work, kernels) { kernel in
          StrassenWeights(
            kernel, channels: work.channels, filters: work.filters, scale: work.node.tail.affine?.scale,
            packing: packing, variant: variant)
        }
        return StrassenStep(
          of: source(kernels), weights: weights, epilogue: epilogue(work.node), from: work.input,
          to: work.output)
      })
  }

  /// What `pack` makes of the kernels of a layer, and of a depthwise one ahead of it, which are read for it.
  func packing(
    _ work: PackedWork, _ pack: @escaping @Sendable (Packing, LayerKernels) -> any KernelStep
  ) -> @Sendable (Packing) throws -> any KernelStep {
    { packing in
      let layers = [work.layer] + [work.depthwise?.layer].compactMap(\.self)
      return pack(packing, try parameters.kernels(of: layers, on: packing.pool))
    }
  }

  /// Lends a convolution's kernel as its node reads it: over pixels or over blocks of them.
  private func withKernel<Result>(
    of work: PackedWork, _ kernels: LayerKernels, overBlocks: Bool = false, _ body: (Span<Float>) -> Result
  ) -> Result {
    kernels.withFloats(work.layer, work.role) { kernel in
      if work.isTransposed { return body(work.turned(kernel).span) }
      guard overBlocks else { return body(kernel) }
      return body(work.window.kernelOverBlocks(kernel, filters: work.filters).span)
    }
  }

  func packed(_ work: PackedWork, _ kernels: LayerKernels, depth: Int, _ packing: Packing) -> PackedWeights {
    withKernel(of: work, kernels) { kernel in
      PackedWeights(
        kernel, depth: depth, columns: work.filters, scale: work.node.tail.affine?.scale, packing: packing,
        variant: variant)
    }
  }

  func epilogue(_ node: Node) -> Epilogue {
    Epilogue(
      bias: node.tail.affine?.shift.map { Float($0) }, residual: node.residual.map(arena.place),
      activation: node.kernelActivation, variant: variant)
  }
}

/// A convolution with all that its steps have in common.
struct PackedWork {
  var node: Node
  var layer: String
  /// The name of the parameter that is packed.
  var role: String
  /// The window as the layer defines it.
  var window: Window
  var filters: Int
  var groups = 1
  var isTransposed = false
  /// A depthwise convolution of another layer that comes first.
  var depthwise: Depthwise?
  var input: Place
  var output: Place

  var channels: Int { window.input.channels }

  /// Floating-point operations an image, as a convolution defines them.
  var operations: Int { 2 * window.area * channels / groups * filters * node.size.pixels }

  /// A transposed convolution's kernel `[height, width, filters, channels]` as a convolution has it.
  func turned(_ kernel: Span<Float>) -> [Float] {
    let area = window.area
    return (0..<area * channels * filters).map { index in
      let (tap, rest) = index.quotientAndRemainder(dividingBy: channels * filters)
      let (channel, filter) = rest.quotientAndRemainder(dividingBy: filters)
      return kernel[((area - 1 - tap) * filters + filter) * channels + channel]
    }
  }

  /// Floating-point operations an image, of a depthwise convolution too where there is one.
  var separableOperations: Int {
    if case .separable = node.work { return 2 * node.size.pixels * channels * (window.area + filters) }
    return operations + 2 * node.size.pixels * channels * (depthwise?.window.area ?? 0)
  }
}

extension Activation {
  /// What every input goes through first, as kernels know it.
  fileprivate var kernelClamp: Clamp? {
    guard case .clamp(let clamp) = KernelActivation(self) else { return nil }
    return clamp
  }
}

import Catalog
import Kernels
import Tensors

/// Pointwise convolutions with what other layers make of their pixels first.
extension StepBuilder {
  func pointwise(
    _ node: Node, _ convolution: Convolution, behind stages: [Node], to output: Place
  ) -> CPUStep {
    let work = PackedWork(
      node: node, layer: convolution.layer, role: "kernel", window: convolution.window,
      filters: convolution.filters, depthwise: stages.lazy.compactMap(\.work.depthwise).first,
      input: input(of: node), output: output)
    let factors = node.operands.count > 1 ? input(of: node, 1) : nil
    let source: @Sendable (LayerKernels) -> PixelSource = { kernels in
      pixels(of: convolution, stages, kernels, factors: factors)
    }
    if !arithmetic.isExact, AlgorithmChoice.pointwise(work.window, filters: work.filters) == .strassen {
      return strassen(work, "pointwise strassen", of: source)
    }
    return CPUStep(
      node, "pointwise", operations: work.separableOperations,
      scratch: PointwiseStep.scratch(channels: work.channels),
      weights: PackedWeights.byteCount(depth: work.channels, columns: work.filters, variant: variant),
      pack: packing(work) { packing, kernels in
        PointwiseStep(
          of: source(kernels), weights: packed(work, kernels, depth: work.channels, packing),
          epilogue: epilogue(node), from: work.input, to: output)
      })
  }

  private func pixels(
    of convolution: Convolution, _ stages: [Node], _ kernels: LayerKernels, factors: Place?
  ) -> PixelSource {
    var window = convolution.window
    var depthwise: DepthwiseConvolution?
    var preparation: Preparation?
    for stage in stages {
      let (scale, shift) = stage.tail.affine?.floats ?? (nil, nil)
      switch stage.work {
      case .depthwise(let work): depthwise = self.convolution(work, stage.tail, kernels)
      case .pooling(let means, _): window = means
      case .standardize(let unit):
        preparation = .standardization(epsilon: Float(unit.epsilon), scale: scale, shift: shift)
      case .elementwise:
        preparation = .affine(scale: scale, shift: shift, KernelActivation(stage.tail.activation))
      case .combine: preparation = factors.map { .product(with: $0) }
      case .input, .convolution, .separable, .sum, .select, .concatenate, .pad, .reshape, .spaceToDepth,
        .resize, .constant, .channels, .pointwise, .lineMeans:
        preconditionFailure("StepBuilder: nothing computes pixels of \(stage.layers)")
      }
    }
    return depthwise.map { PixelSource($0, preparation: preparation) }
      ?? PixelSource(window, preparation: preparation)
  }
}

extension Work {
  fileprivate var depthwise: Depthwise? {
    if case .depthwise(let depthwise) = self { depthwise } else { nil }
  }
}

extension ChannelAffine {
  fileprivate var floats: ([Float]?, [Float]?) { (scale.map { Float($0) }, shift.map { Float($0) }) }
}

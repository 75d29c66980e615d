package import Tensors

/// A convolution whose channels and filters are divided into groups that know nothing of each other: Keras's `Conv2D` with
/// `groups`. Groups are computed one after the other, each on all threads.
package struct GroupedConvolutionStep: KernelStep {
  private let groups: [ConvolutionStep]

  /// - Parameters:
  ///   - window: the window over all channels.
  ///   - kernel: `[height, width, channels / groups, filters]`; the first filters are the first group's.
  ///   - scale: a factor for each filter, applied in double precision.
  ///   - bias: one number a filter.
  ///   - residual: an activation of the output's extents that is added.
  /// - Precondition: `groups` divides the channels and the filters.
  package init(
    window: Window, _ kernel: Span<Float>, groups: Int, filters: Int, scale: [Double]? = nil,
    bias: [Float]? = nil, residual: Place? = nil, activation: KernelActivation = .linear,
    packing: Packing = Packing(), variant: KernelVariant = .preferred, from input: Place, to output: Place
  ) {
    precondition(
      groups > 0 && window.input.channels % groups == 0 && filters % groups == 0,
      "GroupedConvolutionStep: \(groups) groups of \(window.input.channels) channels and \(filters) filters")
    var own = window
    own.input.channels /= groups
    let (depth, columns) = (own.area * own.input.channels, filters / groups)
    let bytes = PackedWeights.byteCount(depth: depth, columns: columns, variant: variant)
    let memory = packing.room(for: groups * bytes)
    var steps: [ConvolutionStep] = []
    for group in 0..<groups {
      let range = group * columns..<(group + 1) * columns
      let weights = PackedWeights(
        Self.columns(range, of: kernel, filters: filters).span, depth: depth, columns: columns,
        scale: scale.map { Array($0[range]) },
        packing: Packing(pool: packing.pool, memory: memory.suffix(from: group * bytes)), variant: variant)
      let epilogue = Epilogue(
        bias: bias.map { Array($0[range]) }, residual: residual?.skipping(range.lowerBound),
        activation: activation, variant: variant)
      steps.append(
        ConvolutionStep(
          window: own, weights: weights, epilogue: epilogue,
          from: input.skipping(group * own.input.channels), to: output.skipping(range.lowerBound)))
    }
    self.groups = steps
  }

  /// How many bytes the packed weights take.
  package static func byteCount(window: Window, groups: Int, filters: Int, variant: KernelVariant) -> Int {
    let depth = window.area * window.input.channels / groups
    return groups * PackedWeights.byteCount(depth: depth, columns: filters / groups, variant: variant)
  }

  package func run(images: Int, in workspace: Workspace) {
    for group in groups { group.run(images: images, in: workspace) }
  }

  private static func columns(_ range: Range<Int>, of kernel: Span<Float>, filters: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(kernel.count / filters * range.count)
    for row in stride(from: 0, to: kernel.count, by: filters) {
      for column in range { result.append(kernel[row + column]) }
    }
    return result
  }
}

extension Place {
  /// The same activation without its first channels.
  fileprivate func skipping(_ channels: Int) -> Place {
    var place = self
    place.channel += channels
    return place
  }
}

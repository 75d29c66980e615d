package import Tensors

/// `DepthwiseConv2D`: a window over each channel on its own. Kernel `[kh, kw, in, multiplier]`; the results of a channel lie
/// beside each other.
package struct DepthwiseConv2D: ConvolutionOperation {
  package static let keyword = "depthwiseConv"
  package static let kerasClasses = ["DepthwiseConv2D"]
  package static let settings: [LayerSetting<Self>] =
    LayerSetting.convolution
    + [
      LayerSetting("depthMultiplier", keras: "depth_multiplier", .count, \.depthMultiplier, isOptional: true)
    ]

  package var window = SlidingWindow()
  package var useBias = true
  package var activation = Activation.linear
  /// Filters a channel.
  package var depthMultiplier = 1

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    try window.output(of: inputs[0], channels: inputs[0].channels.map { $0 * depthMultiplier })
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = try inputs[0].knownChannels()
    return [
      ParameterDeclaration("depthwise_kernel", [kernel.height, kernel.width, channels, depthMultiplier])
    ]
      + bias(channels * depthMultiplier)
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int] {
    [output.elementCount, kernel.height, kernel.width]
  }
}

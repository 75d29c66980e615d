package import Tensors

/// `SeparableConv2D`: depthwise `[kh, kw, in, 1]`, then pointwise `[1, 1, in, filters]`, nothing between them.
package struct SeparableConv2D: LayerOperation {
  package static let keyword = "separableConv"
  package static let kerasClasses = ["SeparableConv2D"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("filters", keras: "filters", .count, \.filters),
    LayerSetting("kernel", keras: "kernel_size", .extent, \.kernel),
    LayerSetting("strides", keras: "strides", .extent, \.strides, substitute: \.kernel),
    LayerSetting("padding", keras: "padding", .spelling, \.padding),
    LayerSetting("bias", keras: "use_bias", .flag, \.useBias, defaults: \.bias),
    LayerSetting("activation", keras: "activation", .activation, \.activation, defaults: \.activation),
  ]

  package var filters = 1
  package var kernel = Extent(1, 1)
  package var strides = Extent(1, 1)
  package var padding = Padding.valid
  package var useBias = true
  package var activation = Activation.linear

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expect("dilation_rate", "[1, 1]")
    keras.expect("depth_multiplier", "1")
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    try inputs[0].slid(kernel, strides, padding, channels: filters)
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = try inputs[0].knownChannels()
    return [
      ParameterDeclaration("depthwise_kernel", [kernel.height, kernel.width, channels, 1]),
      ParameterDeclaration("pointwise_kernel", [1, 1, channels, filters]),
    ] + (useBias ? [ParameterDeclaration("bias", [filters])] : [])
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> Int {
    output[0] * output[1] * (inputs[0].dimensions.last ?? 0) * (kernel.height * kernel.width + filters)
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { inputs.sliding(kernel, strides) }
}

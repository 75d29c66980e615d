package import Tensors

/// `Conv2D`. Kernel `[kh, kw, in, filters]` (HWIO), cross-correlation.
package struct Conv2D: LayerOperation {
  package static let keyword = "conv"
  package static let kerasClasses = ["Conv2D", "Convolution2D"]
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
    keras.expect("groups", "1")
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    try inputs[0].slid(kernel, strides, padding, channels: filters)
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = try inputs[0].knownChannels()
    return [ParameterDeclaration("kernel", [kernel.height, kernel.width, channels, filters])]
      + (useBias ? [ParameterDeclaration("bias", [filters])] : [])
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> Int {
    output.elementCount * kernel.height * kernel.width * (inputs[0].dimensions.last ?? 0)
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { inputs.sliding(kernel, strides) }
}

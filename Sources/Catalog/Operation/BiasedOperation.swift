/// An operation of sums, each a product of weights and activations: a bias and an activation may follow.
package protocol BiasedOperation: LayerOperation {
  var useBias: Bool { get set }
  var activation: Activation { get set }
}

extension BiasedOperation {
  /// The bias, one number an output channel, if there is one.
  func bias(_ channels: Int) -> [ParameterDeclaration] {
    useBias ? [ParameterDeclaration("bias", [channels])] : []
  }
}

extension LayerSetting where Operation: BiasedOperation {
  static var biasAndActivation: [LayerSetting] {
    [
      LayerSetting("bias", keras: "use_bias", .flag, \.useBias, defaults: \.bias),
      LayerSetting("activation", keras: "activation", .activation, \.activation, defaults: \.activation),
    ]
  }
}

/// A convolution of the kinds whose kernel slides over the image.
package protocol ConvolutionOperation: BiasedOperation, WindowOperation {}

extension ConvolutionOperation {
  package var kernel: Extent {
    get { window.size }
    set { window.size = newValue }
  }
}

extension LayerSetting where Operation: ConvolutionOperation {
  /// The settings that all convolutions have: those of the window, of its gaps, of bias and activation.
  static var convolution: [LayerSetting] {
    window(size: "kernel", keras: "kernel_size")
      + [LayerSetting("dilation", keras: "dilation_rate", .extent, \.window.dilation, isOptional: true)]
      + biasAndActivation
  }
}

package import Tensors

/// `Conv2DTranspose`: every pixel spreads over a window of the output. Kernel `[kh, kw, filters, in]`.
package struct Conv2DTranspose: ConvolutionOperation {
  package static let keyword = "convTranspose"
  package static let kerasClasses = ["Conv2DTranspose", "Deconvolution2D"]
  package static let settings: [LayerSetting<Self>] =
    [LayerSetting("filters", keras: "filters", .count, \.filters)]
    + LayerSetting.window(size: "kernel", keras: "kernel_size") + LayerSetting.biasAndActivation

  package var filters = 1
  package var window = SlidingWindow()
  package var useBias = true
  package var activation = Activation.linear

  package init() {}

  package init(keras: inout KerasConfiguration) {
    self.init(settingsOf: &keras)
    keras.expect("dilation_rate", "[1, 1]")
    if let padding = keras["output_padding"] { keras.refuse("output_padding \(padding.words)") }
  }

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    let (height, width) = try inputs[0].spatial()
    func extent(_ extent: Int, _ size: Int, _ stride: Int) -> Int {
      padding == .same ? extent * stride : extent * stride + max(size - stride, 0)
    }
    return ActivationShape([
      height.map { extent($0, kernel.height, strides.height) },
      width.map { extent($0, kernel.width, strides.width) }, filters,
    ])
  }

  package func parameters(of inputs: [ActivationShape]) throws(ShapeProblem) -> [ParameterDeclaration] {
    let channels = try inputs[0].knownChannels()
    return [ParameterDeclaration("kernel", [kernel.height, kernel.width, filters, channels])] + bias(filters)
  }

  package func multiplyAdds(of inputs: [TensorShape], output: TensorShape) -> [Int] {
    [inputs[0].elementCount, kernel.height, kernel.width, filters]
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { nil }
}

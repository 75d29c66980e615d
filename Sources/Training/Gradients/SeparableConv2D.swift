import Catalog
import Kernels
import Tensors

extension SeparableConv2D: DifferentiableOperation {
  func problem(of layer: LayerSite) -> SettingProblem? { DepthwiseConvolutionStep.problem(window) }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let kernel = layer.parameters["depthwise_kernel"],
      let pointwise = layer.parameters["pointwise_kernel"]
    else { return [] }
    let between = window.window(over: layer.inputShape, to: layer.outputShape)
    let pixels = between.output(channels: layer.channels * depthMultiplier)
    return [
      DepthwiseConvolutionStep(
        kernel: kernel, bias: nil, learns: layer.learns, convolution: TrainedDepthwise(window: between),
        multiplier: depthMultiplier),
      ConvolutionStep(
        kernel: pointwise, bias: layer.parameters["bias"], learns: layer.learns,
        convolution: TrainedConvolution(window: Window(pointwise: pixels), filters: filters)),
    ] + ActivationStep.steps(activation, width: filters)
  }
}

/// `AveragePooling2D`: the mean of each window. Divides by the number of positions inside the image, as Keras does:
/// padding never counts.
package struct AveragePooling2D: LayerOperation {
  package static let keyword = "averagePool"
  package static let kerasClasses = ["AveragePooling2D"]
  package static let settings: [LayerSetting<Self>] = [
    LayerSetting("size", keras: "pool_size", .extent, \.size),
    LayerSetting("strides", keras: "strides", .extent, \.strides, substitute: \.size),
    LayerSetting("padding", keras: "padding", .spelling, \.padding),
  ]

  package var size = Extent(2, 2)
  package var strides = Extent(2, 2)
  package var padding = Padding.valid

  package init() {}

  package func outputShape(of inputs: [ActivationShape]) throws(ShapeProblem) -> ActivationShape {
    try inputs[0].slid(size, strides, padding, channels: inputs[0].channels)
  }

  package func view(of inputs: ReceptiveView) -> ReceptiveView? { inputs.sliding(size, strides) }
}

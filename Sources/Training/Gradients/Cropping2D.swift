import Catalog
import Tensors

extension Cropping2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    let frame = Frame(
      inner: ImageSize(layer.outputShape), outer: ImageSize(layer.inputShape), top: cropping.top,
      left: cropping.left)
    return [FramingStep(frame: frame, cuts: true)]
  }
}

import Catalog
import Tensors

extension CenterCrop: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    let (inner, outer) = (ImageSize(layer.outputShape), ImageSize(layer.inputShape))
    let frame = Frame(
      inner: inner, outer: outer, top: (outer.height - inner.height) / 2,
      left: (outer.width - inner.width) / 2)
    return [FramingStep(frame: frame, cuts: true)]
  }
}

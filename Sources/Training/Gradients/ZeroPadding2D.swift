import Catalog
import Tensors

extension ZeroPadding2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    let (inner, outer) = (ImageSize(layer.inputShape), ImageSize(layer.outputShape))
    let zeros = padding(height: inner.height, width: inner.width)
    return [
      FramingStep(frame: Frame(inner: inner, outer: outer, top: zeros.top, left: zeros.left), cuts: false)
    ]
  }
}

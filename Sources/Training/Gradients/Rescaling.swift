import Catalog

extension Rescaling: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [ConstantAffineStep(scale: scale, offset: offset, channels: layer.channels)]
  }
}

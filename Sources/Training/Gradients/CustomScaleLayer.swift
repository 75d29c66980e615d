import Catalog

extension CustomScaleLayer: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [SumStep(layer, factors: [1, Float(scale)])]
  }
}

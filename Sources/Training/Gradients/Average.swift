import Catalog

extension Average: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [SumStep(layer, divisor: Float(layer.inputShapes.count))]
  }
}

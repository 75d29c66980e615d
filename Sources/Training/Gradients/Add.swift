import Catalog

extension Add: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [SumStep(layer)] }
}

import Catalog

extension Subtract: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [SumStep(layer, factors: [1, -1])] }
}

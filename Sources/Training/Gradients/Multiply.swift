import Catalog

extension Multiply: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [ProductStep(layer)] }
}

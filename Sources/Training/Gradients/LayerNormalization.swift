import Catalog

extension LayerNormalization: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [StandardizationStep(layer, pixels: 1, groups: 1, epsilon: epsilon)]
  }
}

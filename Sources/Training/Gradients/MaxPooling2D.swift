import Catalog

extension MaxPooling2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [WindowPoolingStep(window, of: layer, isMaximum: true)]
  }
}

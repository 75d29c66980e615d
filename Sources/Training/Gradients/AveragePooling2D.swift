import Catalog

extension AveragePooling2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [WindowPoolingStep(window, of: layer, isMaximum: false)]
  }
}

import Catalog

extension LayerScale: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let gamma = layer.parameters["gamma"] else { return [] }
    return [ScaleStep(gamma: gamma, channels: layer.channels, learns: layer.learns)]
  }
}

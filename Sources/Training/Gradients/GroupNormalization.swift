import Catalog

extension GroupNormalization: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    let groups = groups == -1 ? layer.channels : groups
    return [StandardizationStep(layer, pixels: layer.positions, groups: groups, epsilon: epsilon)]
  }
}

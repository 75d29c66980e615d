import Catalog

extension SpatialDropout2D: DifferentiableOperation {
  func problem(of layer: LayerSite) -> SettingProblem? { BlockDropoutStep.problem(rate) }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [BlockDropoutStep(rate: rate, positions: layer.positions, channels: layer.channels)]
  }
}

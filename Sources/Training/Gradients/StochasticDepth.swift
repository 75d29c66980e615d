import Catalog

extension StochasticDepth: DifferentiableOperation {
  func problem(of layer: LayerSite) -> SettingProblem? { BlockDropoutStep.problem(rate) }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [BlockDropoutStep(rate: rate, positions: layer.inputShape.elementCount, channels: 1)]
  }
}

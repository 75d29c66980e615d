import Catalog

extension Maximum: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [ExtremeStep(layer, pairing: .maximum)] }
}

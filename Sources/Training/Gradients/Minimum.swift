import Catalog

extension Minimum: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [ExtremeStep(layer, pairing: .minimum)] }
}

import Catalog

extension Catalog.Flatten: DifferentiableOperation {
  /// None: samples are rows of elements already, whatever their shape.
  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [] }
}

import Catalog

extension Dropout: Lowered {
  /// Nothing: its readers read what it reads.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.input(of: layer) }
}

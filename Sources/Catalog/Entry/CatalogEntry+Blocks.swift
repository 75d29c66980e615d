extension CatalogEntry {
  /// The names of the layers of every block, in order; a variant may lack some.
  package var blockLayers: [[String]] { record.blocks.map { $0.layers.map(\.name) } }
}

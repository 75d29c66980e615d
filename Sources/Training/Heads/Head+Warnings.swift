import Catalog

extension Head {
  /// What works and hardly is what was meant: a dropout that drops nothing, which is what Python makes of
  /// `Dropout(0,2)`.
  public var warnings: [String] {
    zip(layers, layerNames).compactMap { layer, name in
      guard let dropout = layer.operation as? Catalog.Dropout, dropout.rate == 0 else { return nil }
      return
        "layer \(name): a rate of 0 drops nothing; give the part to drop, as in dropout(0.2), or leave the "
        + "layer out"
    }
  }
}

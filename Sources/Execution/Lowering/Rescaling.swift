import Catalog

extension Rescaling: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let channels = network.graph[source].size.channels
    let affine = ChannelAffine(
      scale: scale.repeated(channels), shift: offset.repeated(channels))
    return network.append(.elementwise, for: layer, reading: [source], tail: Tail(affine: affine))
  }
}

extension [Double] {
  /// One number for each channel, where there may be one for all.
  func repeated(_ channels: Int) -> [Double] {
    count == channels ? self : [Double](repeating: first ?? 0, count: channels)
  }
}

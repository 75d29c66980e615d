import Catalog

extension Normalization: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let channels = network.graph[source].size.channels
    func numbers(_ setting: [Double]?, _ role: String) -> [Double] {
      (setting ?? network.parameters.floats(layer.name, role).map(Double.init)).repeated(channels)
    }
    let means = numbers(mean, "mean")
    // Keras divides by no less than its own epsilon.
    let deviations = numbers(variance, "variance").map { max($0.squareRoot(), 1e-7) }
    let affine =
      invert
      ? ChannelAffine(scale: deviations, shift: means)
      : ChannelAffine(
        scale: deviations.map { 1 / $0 }, shift: zip(means, deviations).map { -$0 / $1 })
    return network.append(.elementwise, for: layer, reading: [source], tail: Tail(affine: affine))
  }
}

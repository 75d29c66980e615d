import Catalog
import Tensors

extension Normalization: Lowered {
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    guard axes.isEmpty else { return lower(layer, alongAxesInto: &network) }
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

  /// With a mean and a variance for each position along the axes.
  private func lower(_ layer: Layer, alongAxesInto network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let size = network.graph[source].size
    func extent(_ axis: Int, _ whole: Int) -> Int { axes.contains(axis) ? whole : 1 }
    let own = ImageSize(
      height: extent(1, size.height), width: extent(2, size.width), channels: extent(3, size.channels))
    let means = mean?.map(Float.init) ?? network.parameters.floats(layer.name, "mean")
    let variances = variance ?? network.parameters.floats(layer.name, "variance").map(Double.init)
    let deviations = variances.map { max($0.squareRoot(), 1e-7) }
    let shift = network.constant(means, own, repeatedTo: size)
    let scale = network.constant(
      deviations.map { Float(invert ? $0 : 1 / $0) }, own, repeatedTo: size)
    guard !invert else {
      let product = network.append(
        Node(layers: [], work: .combine(.multiply), inputs: [source, scale], size: size))
      return network.append(.combine(.add), for: layer, reading: [product, shift])
    }
    let difference = network.append(
      Node(layers: [], work: .combine(.subtract), inputs: [source, shift], size: size))
    return network.append(.combine(.multiply), for: layer, reading: [difference, scale])
  }
}

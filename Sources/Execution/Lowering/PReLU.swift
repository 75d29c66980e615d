import Catalog
import Tensors

extension PReLU: Lowered {
  /// `max(x, 0) - alpha * max(-x, 0)`.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int {
    let source = network.input(of: layer)
    let size = network.graph[source].size
    let alpha = network.parameters.floats(layer.name, "alpha")
    let positive = network.append(.relu, of: source)
    let mirror = ChannelAffine(scale: [-1].repeated(size.channels), shift: [0].repeated(size.channels))
    let negative = network.append(
      Node(
        layers: [], work: .elementwise, inputs: [source], tail: Tail(affine: mirror, activation: .relu),
        size: size))
    let slope = scaled(negative, by: alpha.map { -$0 }, of: size, in: &network)
    return network.append(.sum, for: layer, reading: [positive, slope])
  }

  /// Appends a node that is another times numbers, of which there may be one a channel.
  private func scaled(_ node: Int, by factors: [Float], of size: ImageSize, in network: inout Lowering) -> Int
  {
    let isChannelwise = size.pixels == 1 || Set(sharedAxes).isSuperset(of: [1, 2])
    guard isChannelwise, factors.count == size.channels else {
      let constant = network.constant(factors, alphaSize(size), repeatedTo: size)
      return network.append(
        Node(layers: [], work: .combine(.multiply), inputs: [node, constant], size: size))
    }
    let affine = ChannelAffine(scale: factors.map(Double.init), shift: factors.map { _ in 0 })
    return network.append(
      Node(layers: [], work: .elementwise, inputs: [node], tail: Tail(affine: affine), size: size))
  }

  private func alphaSize(_ size: ImageSize) -> ImageSize {
    func extent(_ axis: Int, _ own: Int) -> Int { sharedAxes.contains(axis) ? 1 : own }
    return ImageSize(
      height: extent(1, size.height), width: extent(2, size.width), channels: extent(3, size.channels))
  }
}

import Catalog

extension CustomScaleLayer: Lowered {
  /// The sum takes a bias and a batch normalisation's fate: the factor is multiplied into what comes before it.
  func lower(_ layer: Layer, into network: inout Lowering) throws(ExecutionError) -> Int {
    let (left, right) = (network.input(of: layer), network.input(of: layer, 1))
    let size = network.graph[right].size
    guard network.graph[left].size == size else {
      throw .invalidGraph(layer: layer.name, problem: "its inputs differ in shape; expected equal ones")
    }
    let affine = ChannelAffine(
      scale: [scale].repeated(size.channels), shift: [0].repeated(size.channels))
    let scaled = network.append(
      Node(layers: [], work: .elementwise, inputs: [right], tail: Tail(affine: affine), size: size))
    return network.append(.sum, for: layer, reading: [left, scaled])
  }
}

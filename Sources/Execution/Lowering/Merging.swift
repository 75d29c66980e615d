import Catalog
import Tensors

extension Lowering {
  /// Appends a node that combines all inputs of a layer. Those that it cannot read as they are, are repeated first.
  mutating func combine(_ pairing: Pairing, for layer: Layer) -> Int {
    let size = ImageSize(shape(of: layer.name))
    var operands = inputs(of: layer)
    if pairing.isCommutative, let whole = operands.firstIndex(where: { graph[$0].size == size }) {
      operands.swapAt(0, whole)
    }
    for index in operands.indices {
      let own = graph[operands[index]].size
      let isReadable = own == size || (index > 0 && own.combines(with: size))
      if !isReadable {
        operands[index] = append(
          Node(layers: [], work: .select(.repeating(own, to: size)), inputs: [operands[index]], size: size))
      }
    }
    return append(.combine(pairing), for: layer, reading: operands)
  }

  /// Appends numbers that are the same for every image, with axes of one position repeated.
  mutating func constant(_ values: [Float], _ own: ImageSize, repeatedTo size: ImageSize) -> Int {
    let constant = append(Node(layers: [], work: .constant(values), inputs: [], size: own))
    if own == size { return constant }
    return append(
      Node(layers: [], work: .select(.repeating(own, to: size)), inputs: [constant], size: size))
  }
}

extension ImageSize {
  /// Whether it is one pixel of `whole`, or all pixels of one channel.
  func combines(with whole: ImageSize) -> Bool {
    (pixels == 1 && channels == whole.channels)
      || (channels == 1 && height == whole.height && width == whole.width)
  }
}

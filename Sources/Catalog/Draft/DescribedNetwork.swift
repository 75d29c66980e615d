import Tensors

/// A network that a file describes in other words than Keras's: a graph of layers.
package struct DescribedNetwork: Hashable, Sendable {
  /// The model's name.
  package let name: String
  /// All layers, the input first and the output last.
  package let graph: LayerGraph
  /// Whether its first layers bring pixels of 0 to 255 to what the others read.
  package let scalesPixels: Bool

  package init(name: String, graph: LayerGraph, scalesPixels: Bool) {
    (self.name, self.graph, self.scalesPixels) = (name, graph, scalesPixels)
  }
}

extension DraftedNetwork {
  /// The network of a file that describes it in layers.
  ///
  /// - Parameters:
  ///   - described: the network.
  ///   - size: the rows and columns of its images; nil where they are open.
  /// - Throws: `CatalogError` where its layers do not fit together.
  package init(_ described: DescribedNetwork, size: Extent?) throws(CatalogError) {
    let problems = described.graph.wiringProblems().map(\.problem)
    guard problems.isEmpty else { throw .malformedArchitecture(problems.joined(separator: "; ")) }
    guard let input = described.graph.layers.first?.operation as? InputLayer else {
      throw .malformedArchitecture("its first layer is no input")
    }
    self.init(named: described.name, described.graph, size: size, channels: input.channels)
  }
}

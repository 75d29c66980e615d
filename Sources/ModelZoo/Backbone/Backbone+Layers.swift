import Catalog
import Tensors

extension Backbone {
  /// The network's layers at this input size, each after those it reads: where it may be cut, and what that gives.
  ///
  /// All of them are here, wherever this backbone is cut; ``BackboneOptions/layer`` and ``taps(at:)`` take their names.
  ///
  /// ```swift
  /// for layer in try backbone.layers { print(layer.name, layer.type, layer.outputShape, layer.parameterCount) }
  /// ```
  ///
  /// - Throws: `CatalogError`, though not for a network that was loaded.
  /// - Complexity: O(layers).
  public var layers: [NetworkSummary.Layer] {
    get throws(CatalogError) {
      let subject = try SummarySubject(network.entry, variant: network.variant)
      return try NetworkSummary(subject.resized(to: Extent(inputShape[0], inputShape[1]))).layers
    }
  }
}

extension Backbone {
  /// Whether no layer up to those that are read has anything that was learnt: what is read is an image still, however scaled.
  var givesPixels: Bool {
    get throws {
      let graph = try network.graph()
      return try cuts.allSatisfy { cut in
        let part = try cut.map { try graph.truncated(at: $0) } ?? graph
        return try part.parameters(height: inputShape[0], width: inputShape[1]).allSatisfy { !$0.isTrainable }
      }
    }
  }
}

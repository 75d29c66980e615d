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

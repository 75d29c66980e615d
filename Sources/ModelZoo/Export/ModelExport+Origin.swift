import Catalog
import WeightConversion

extension ModelExport {
  /// What weights alone are of: from their names and shapes another graph would be taken.
  var origin: WeightOrigin {
    let whole = backbone.network.entry.whole(in: .embedded)
    return WeightOrigin(
      network: whole?.network ?? backbone.identifier, graph: whole?.variant ?? backbone.graphVariant)
  }

  /// The same for a file of Keras's; nil where its layout tells as much, as of a network of the catalog without a head.
  var untoldOrigin: WeightOrigin? {
    let entry = backbone.network.entry
    let known = try? EntryCatalog.embedded.entry(backbone.identifier)
    if known?.json == entry.json, model == nil || backbone.graphVariant == entry.variants.first?.name {
      return nil
    }
    return origin
  }
}

import Catalog
import Tensors

extension Explainer {
  /// Says which layer of a network could be mapped.
  static func nothingToMap(_ model: TrainedModel, _ features: TensorShape) throws -> ModelZooError {
    let (recipe, cut) = (model.backbone.recipe, model.backbone.options.layer)
    let graph = try model.backbone.network.graph()
    let summary = try Summary(graph, modelName: "", height: recipe.height, width: recipe.width)
    let rows = summary.rows.prefix { $0.name != cut }
    return .nothingToMap(
      layer: cut ?? graph.layers.last?.name ?? "", features: features,
      inner: rows.last { $0.shape.isSpatial }?.name)
  }
}

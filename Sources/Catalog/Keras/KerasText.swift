import Tensors

/// A model in the words of Keras 3's `model.to_json()`.
package struct KerasText: Sendable {
  /// The text; of no use where there are problems.
  package let json: String
  /// What cannot be said in Keras's words, each with its layer and class.
  package let problems: [String]
}

extension LayerGraph {
  /// What `model.to_json()` of Keras 3 would say of a functional model of these layers, for images of one size.
  ///
  /// - Parameter name: what the model is called.
  /// - Throws: ``CatalogError`` for a graph that does not fit together.
  package func kerasText(name: String, height: Int, width: Int) throws(CatalogError) -> KerasText {
    let extents = try padded(for: Extent(height, width)).symbolicExtents(height: height, width: width)
    let graph = padded(for: Extent(height, width))
    let shapes = Dictionary(zip(graph.layers.map(\.name), extents.map(\.output))) { first, _ in first }
    var (lines, problems): ([JSONText], [String]) = ([], [])
    for (layer, extent) in zip(graph.layers, extents) {
      let input = layer.isInput ? extent.output : extent.inputs[0]
      var keras = KerasMembers()
      layer.operation.describe(in: &keras, reading: input)
      problems += keras.problems.map { "\(layer.name) (\(layer.operation.kerasClass)): \($0)" }
      lines.append(layer.kerasText(keras, shapes))
    }
    let (first, last) = (graph.layers.first?.name ?? "", graph.layers.last?.name ?? "")
    let config: [(String, JSONText)] = [
      ("name", .text(name)), ("trainable", .flag(true)), ("layers", .list(lines)),
      ("input_layers", .place(of: first)), ("output_layers", .place(of: last)),
    ]
    let model: [(String, JSONText)] = [
      ("module", .text("keras.src.models.functional")), ("class_name", .text("Functional")),
      ("config", .object(config)), ("registered_name", .text("Functional")),
    ]
    return KerasText(json: JSONText.object(model).text, problems: problems)
  }
}

extension Layer {
  fileprivate func kerasText(_ keras: KerasMembers, _ shapes: [String: ActivationShape]) -> JSONText {
    let config = [("name", JSONText.text(name))] + keras.members
    let tensors = inputs.map { JSONText.tensor(of: $0, shapes[$0]) }
    let arguments = tensors.count == 1 ? tensors : [.list(tensors)]
    let node: [(String, JSONText)] = [("args", .list(arguments)), ("kwargs", .object([]))]
    return .object([
      ("module", .text(keras.module)), ("class_name", .text(operation.kerasClass)),
      ("config", .object(config)),
      ("registered_name", keras.isBuiltIn ? .null : .text(operation.kerasClass)), ("name", .text(name)),
      ("inbound_nodes", .list(isInput ? [] : [.object(node)])),
    ])
  }
}

extension JSONText {
  /// `null`.
  static let null = JSONText(text: "null")

  /// Where a layer's output is found.
  fileprivate static func place(of layer: String) -> JSONText {
    .list([.text(layer), .integer(0), .integer(0)])
  }

  /// A layer's output as an argument of another.
  fileprivate static func tensor(of layer: String, _ shape: ActivationShape?) -> JSONText {
    let extents = (shape?.dimensions ?? []).map { $0.map(JSONText.integer) ?? .null }
    return .object([
      ("class_name", .text("__keras_tensor__")),
      (
        "config",
        .object([
          ("shape", .list([.null] + extents)), ("dtype", .text("float32")),
          ("keras_history", .place(of: layer)),
        ])
      ),
    ])
  }
}

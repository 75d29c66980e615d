import Encoding

/// The architecture that Keras's `model.to_json()` writes, of Keras 2 (`class_name: Functional`, `Model`), Keras
/// 3 or a `Sequential`, one layer after the other.
struct KerasArchitecture {
  /// One layer with what it reads.
  struct Layer {
    var name: String
    var className: String
    var config: JSONValue
    var inputs: [String]
    /// How often the model calls it; more than once shares its weights.
    var calls: Int
  }

  var modelName: String
  var layers: [Layer]
  /// The names of the output layers, where the file says.
  var outputs: [String]

  init(json: String) throws(CatalogError) {
    guard json.utf8.count <= Limits.architectureBytes else {
      throw .malformedArchitecture("\(json.utf8.count) bytes are more than \(Limits.architectureBytes)")
    }
    if let reason = JSONBudget.problem(with: json) { throw .malformedArchitecture(reason) }
    guard let root = JSONValue(json: json) else {
      throw .malformedArchitecture("the text is no JSON")
    }
    guard let className = root["class_name"]?.text, let config = root["config"] else {
      throw .malformedArchitecture("the keys class_name and config are not there")
    }
    try self.init(className: className, config: config)
  }

  /// A model inside another's architecture, or the whole.
  init(className: String, config: JSONValue) throws(CatalogError) {
    guard let members = config["layers"]?.list ?? config.list else {
      throw .malformedArchitecture("the model's config has no layers")
    }
    modelName = config["name"]?.text ?? "model"
    layers = try members.enumerated().map { index, layer throws(CatalogError) in
      try Self.layer(layer, at: index)
    }
    outputs = Self.outputNames(config["output_layers"])
    if className == "Sequential" { chainLayers() }
  }

  private static func layer(_ value: JSONValue, at index: Int) throws(CatalogError) -> Layer {
    guard let className = value["class_name"]?.text, let config = value["config"],
      let name = value["name"]?.text ?? config["name"]?.text
    else { throw .malformedArchitecture("layer \(index) lacks its class_name, config or name") }
    let calls = value["inbound_nodes"]?.list ?? []
    return Layer(
      name: name, className: className, config: config, inputs: calls.first.map(inputNames) ?? [],
      calls: calls.count)
  }

  /// The layers one call reads: Keras 3 writes tensors with a history, Keras 2 lists `[name, node, tensor, {}]`.
  private static func inputNames(_ call: JSONValue) -> [String] {
    guard let arguments = call["args"]?.list else {
      let members = call.list ?? []
      let tensors = members.first?.text == nil ? members : [call]
      return tensors.compactMap { $0.list?.first?.text }
    }
    return arguments.flatMap { $0.list ?? [$0] }.compactMap {
      $0["config"]?["keras_history"]?.list?.first?.text
    }
  }

  /// `["a", 0, 0]` or a list of such.
  private static func outputNames(_ value: JSONValue?) -> [String] {
    let members = value?.list ?? []
    if let name = members.first?.text { return [name] }
    return members.compactMap { $0.list?.first?.text }
  }

  /// A sequential model's wiring: each layer reads the one before it; the input may be part of the first.
  private mutating func chainLayers() {
    if let first = layers.first, first.className != "InputLayer" {
      let input = Layer(
        name: "input_layer", className: "InputLayer", config: first.config, inputs: [], calls: 0)
      layers.insert(input, at: 0)
    }
    for index in layers.indices.dropFirst() { layers[index].inputs = [layers[index - 1].name] }
    outputs = layers.last.map { [$0.name] } ?? []
  }

  /// The input's extents without the batch axis, open ones nil.
  var inputShape: [Int?] {
    let config = layers.first?.config
    let shape = config?["batch_shape"] ?? config?["batch_input_shape"]
    return shape?.list?.dropFirst().map(\.integer) ?? []
  }
}

extension KerasArchitecture.Layer {
  /// The layer's operation, and what of it cannot be said here.
  func translated() -> (operation: (any LayerOperation)?, problems: [String], missing: [String]) {
    var keras = KerasConfiguration(className: className, config: config)
    if calls > 1 { keras.refuse("it is called \(calls) times") }
    let operation = LayerOperations.ofKerasClass(className)?.init(keras: &keras)
    if operation == nil { keras.refuse("\(className) has no counterpart") }
    keras.expect("data_format", "channels_last")
    return (operation, keras.problems, keras.missing)
  }
}

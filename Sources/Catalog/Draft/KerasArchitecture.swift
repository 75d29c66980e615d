import Encoding

/// A model as Keras describes it in `model.to_json()`, of Keras 2 (`class_name: Functional`, `Model`), Keras 3 or a
/// `Sequential`: its layers, some of which may be models themselves.
struct KerasArchitecture {
  /// One layer, and every call of it.
  struct Layer {
    var name: String
    var className: String
    /// Where Keras 3 says the class comes from: `keras.layers`, `keras.src.ops.numpy`.
    var module = ""
    var config: JSONValue
    /// More than one call shares its weights.
    var calls: [Call]
  }

  /// What a layer is called with.
  struct Call {
    var arguments: [Argument] = []
    var keywords: [String: Argument] = [:]
  }

  indirect enum Argument {
    case tensor(Reference)
    case list([Argument])
    case constant(JSONValue)
  }

  /// One of the outputs of one of a layer's calls.
  struct Reference {
    var layer: String
    var call = 0
    var index = 0
  }

  var name: String
  var isSequential: Bool
  var layers: [Layer]
  /// The names of the input layers, where the file says.
  var inputs: [String]
  var outputs: [Reference]
  /// The version of the Keras that wrote it, where it says.
  var kerasVersion: String?

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
    kerasVersion = root["keras_version"]?.text
  }

  /// A model inside another's architecture, or the whole.
  init(className: String, config: JSONValue) throws(CatalogError) {
    guard let members = config["layers"]?.list ?? config.list else {
      throw .malformedArchitecture("the model's config has no layers")
    }
    name = config["name"]?.text ?? "model"
    layers = try members.enumerated().map { index, layer throws(CatalogError) in
      try Layer(layer, at: index)
    }
    inputs = try Reference.list(config["input_layers"], "input_layers").map(\.layer)
    outputs = try Reference.list(config["output_layers"], "output_layers")
    isSequential = className == "Sequential"
    if isSequential { chainLayers(config) }
  }

  /// A sequential model's wiring: each layer reads the one before it; the input may be part of the first.
  private mutating func chainLayers(_ config: JSONValue) {
    if let first = layers.first, first.className != "InputLayer" {
      layers.insert(
        Layer(
          name: "input_layer", className: "InputLayer",
          config: firstInput ?? .object(["batch_input_shape": config["build_input_shape"] ?? .null]),
          calls: []),
        at: 0)
    }
    for index in layers.indices.dropFirst() {
      layers[index].calls = [Call(arguments: [.tensor(Reference(layer: layers[index - 1].name))])]
    }
    inputs = layers.first.map { [$0.name] } ?? []
    outputs = layers.last.map { [Reference(layer: $0.name)] } ?? []
  }

  /// The configuration that gives the input's shape: the first layer's, of the first model where it is one.
  private var firstInput: JSONValue? {
    guard let first = layers.first else { return nil }
    if let model = first.model { return model.firstInput }
    return first.config["batch_shape"] ?? first.config["batch_input_shape"] == nil ? nil : first.config
  }
}

extension KerasArchitecture.Layer {
  fileprivate init(_ value: JSONValue, at index: Int) throws(CatalogError) {
    guard let className = value["class_name"]?.text, let config = value["config"],
      let name = value["name"]?.text ?? config["name"]?.text
    else { throw .malformedArchitecture("layer \(index) lacks its class_name, config or name") }
    let old = Keras1Layer(className: className, config: config)
    self.init(
      name: name, className: old?.className ?? className, module: value["module"]?.text ?? "",
      config: old?.config ?? config,
      calls: (value["inbound_nodes"]?.list ?? []).map(KerasArchitecture.Call.init))
  }

  /// The model that it is; nil for a layer proper.
  var model: KerasArchitecture? {
    guard ["Functional", "Model", "Sequential"].contains(className) else { return nil }
    return try? KerasArchitecture(className: className, config: config)
  }

  /// The model that it applies to every element of a sequence; nil for any other layer.
  var distributedModel: KerasArchitecture? {
    guard className == "TimeDistributed", let inner = config["layer"] else { return nil }
    return (try? KerasArchitecture.Layer(inner, at: 0))?.model
  }
}

extension KerasArchitecture.Call {
  /// Keras 3 writes arguments, tensors among them with their history; Keras 2 lists `[name, node, tensor, {}]`.
  fileprivate init(_ value: JSONValue) {
    if let arguments = value["args"]?.list {
      self.arguments = arguments.map(KerasArchitecture.Argument.init)
      keywords = (value["kwargs"]?.members ?? [:]).mapValues(KerasArchitecture.Argument.init)
      return
    }
    let members = value.list ?? []
    for tensor in members.first?.text == nil ? members : [value] {
      let parts = tensor.list ?? []
      if parts.first?.text == "_CONSTANT_VALUE", parts.count > 2 {
        arguments.append(.constant(parts[2]))
      } else if let reference = KerasArchitecture.Reference(tensor) {
        arguments.append(.tensor(reference))
      }
      if parts.count > 3 {
        keywords.merge((parts[3].members ?? [:]).mapValues(KerasArchitecture.Argument.init)) { first, _ in
          first
        }
      }
    }
  }
}

extension KerasArchitecture.Argument {
  fileprivate init(_ value: JSONValue) {
    if let history = value["config"]?["keras_history"], let reference = KerasArchitecture.Reference(history) {
      self = .tensor(reference)
    } else if let reference = KerasArchitecture.Reference(value) {
      self = .tensor(reference)
    } else if let list = value.list {
      self = .list(list.map(KerasArchitecture.Argument.init))
    } else {
      self = .constant(value)
    }
  }

  /// The tensors in it, in order.
  var tensors: [KerasArchitecture.Reference] {
    switch self {
    case .tensor(let reference): [reference]
    case .list(let members): members.flatMap(\.tensors)
    case .constant: []
    }
  }
}

extension KerasArchitecture.Reference {
  /// `["conv1", 0, 0]`, whatever follows.
  fileprivate init?(_ value: JSONValue) {
    guard let parts = value.list, parts.count >= 3, let layer = parts[0].text, let call = parts[1].integer,
      let index = parts[2].integer, call >= 0
    else { return nil }
    self.init(layer: layer, call: call, index: index)
  }

  /// `["a", 0, 0]`, or a list of such or an object of such by name; nothing where the key is not there.
  fileprivate static func list(
    _ value: JSONValue?, _ key: String
  ) throws(CatalogError) -> [KerasArchitecture.Reference] {
    guard let value else { return [] }
    if let single = KerasArchitecture.Reference(value) { return [single] }
    let members = value.list ?? value.members.map { $0.sorted { $0.key < $1.key }.map(\.value) } ?? []
    let references = members.compactMap(KerasArchitecture.Reference.init)
    guard references.count == members.count, !references.isEmpty else {
      throw .malformedArchitecture(
        "the \(key) of the model are \(value.words); expected [\"layer\", 0, 0] or a list of such")
    }
    return references
  }
}

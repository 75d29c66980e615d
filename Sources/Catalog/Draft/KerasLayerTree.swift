import Encoding

/// A layer as an architecture nests it, and what it owns: enough to find its weights where they are kept by the layer's place
/// in the model, not by its name.
package struct KerasLayerTree: Sendable {
  package let name: String
  /// What Keras calls such a layer by itself: `batch_normalization` of the class `BatchNormalization`.
  package let stem: String
  /// `BatchNormalization`.
  private let className: String
  /// The roles of the weights it owns, in Keras's order; nil for a class that is not known.
  package let roles: [String]?
  /// The layers of the model that it is; nil for a layer proper.
  package let layers: [KerasLayerTree]?
  /// The layer that it applies to something: that of a `TimeDistributed`.
  package let wrapped: [KerasLayerTree]
  /// What its weights were rounded to, `int8`; nil for floating-point numbers.
  package let quantization: String?
  /// Whether it, or a layer inside it, keeps its weights as `bfloat16`, as its type policy says.
  package let keepsBrainFloats: Bool

  /// Reads what Keras's `model.to_json()` writes, and `config.json` of a `.keras` file; nil for anything else.
  package init?(json: String) {
    guard json.utf8.count <= Limits.architectureBytes, let root = JSONValue(json: json) else { return nil }
    self.init(root, depth: 0)
    guard layers != nil else { return nil }
  }

  /// What is wrong with a text that is no architecture of a model of layers, in words; nil where it is simply something else.
  package static func problem(with json: String) -> String? {
    if json.utf8.count > Limits.architectureBytes {
      return "its architecture has \(json.utf8.count) bytes, more than \(Limits.architectureBytes)"
    }
    return JSONBudget.problem(with: json).map { "its architecture: \($0)" }
  }

  /// No model stands in so many others.
  private static let greatestDepth = 32

  private init?(_ value: JSONValue, depth: Int) {
    guard depth < Self.greatestDepth, let className = value["class_name"]?.text, let config = value["config"]
    else { return nil }
    name = value["name"]?.text ?? config["name"]?.text ?? ""
    self.className = className
    stem = className.snakeCased
    let members = config["layers"]?.list ?? config.list
    layers = members.map { $0.compactMap { KerasLayerTree($0, depth: depth + 1) } }
    wrapped =
      layers == nil ? config["layer"].flatMap { KerasLayerTree($0, depth: depth + 1) }.map { [$0] } ?? [] : []
    roles = layers == nil && wrapped.isEmpty ? Self.roles(className, config) : []
    quantization = config["dtype"]?["config"]?["mode"]?.text
    let type = config["dtype"]?.text ?? config["dtype"]?["config"]?["name"]?.text
    keepsBrainFloats = type == "bfloat16" || ((layers ?? []) + wrapped).contains(where: \.keepsBrainFloats)
  }

  /// Whether it or a layer inside it may have weights.
  package var hasWeights: Bool {
    roles.map { !$0.isEmpty } ?? true || layers?.contains(where: \.hasWeights) ?? false
      || wrapped.contains(where: \.hasWeights)
  }

  /// The classes of its layers, those of models inside it among them, each once, without inputs.
  package var classNames: [String] {
    let all = (layers ?? wrapped).flatMap { layer in
      layer.layers == nil && layer.wrapped.isEmpty ? [layer.className] : layer.classNames
    }
    var seen: Set = ["InputLayer"]
    return all.filter { seen.insert($0).inserted }
  }

  /// How many layers it is, those of models inside it among them.
  package var layerCount: Int { layers?.reduce(0) { $0 + $1.layerCount } ?? 1 }

  /// Whether it or a layer inside it has weights for certain: it is of a class that is known.
  package var surelyHasWeights: Bool {
    roles.map { !$0.isEmpty } ?? false || (layers ?? []).contains(where: \.surelyHasWeights)
      || wrapped.contains(where: \.surelyHasWeights)
  }

  private static func roles(_ className: String, _ config: JSONValue) -> [String]? {
    if trainingOnly.contains(className) { return [] }
    var keras = KerasConfiguration(className: className, config: config)
    return LayerOperations.ofKerasClass(className).flatMap { roles($0.init(keras: &keras)) }
  }

  /// The roles of a layer's weights do not depend on what it reads.
  private static func roles(_ operation: any LayerOperation) -> [String]? {
    let input = ActivationShape([1, 1, 1])
    return (try? operation.parameters(of: [input, input]))?.map(\.role)
  }

  /// The roles of `count` weights that a layer owns of which nothing is known but what Keras would call it; nil where not even
  /// that tells.
  package static func roles(ofStem stem: String, count: Int) -> [String]? {
    let type = LayerOperations.all.first { $0.kerasClasses.contains { $0.snakeCased == stem } }
    guard let all = type.flatMap({ roles($0.init()) }) else { return nil }
    // Statistics are always there, and stand last; a kernel is always there, and stands first.
    let missing = all.count - count
    guard missing > 0 else { return all }
    return all.last == "moving_variance" ? Array(all.dropFirst(missing)) : Array(all.dropLast(missing))
  }
}

extension LayerGraph {
  /// Every layer in the model's order, with what Keras calls a layer of its class: `conv2d`.
  package var placesOfWeights: [(layer: String, stem: String)] {
    layers.map { ($0.name, $0.operation.kerasClass.snakeCased) }
  }
}

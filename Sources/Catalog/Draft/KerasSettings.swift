import Encoding

/// What an architecture of Keras says of its layers, setting by setting, to be held against what another says.
package struct KerasSettings: Sendable {
  /// A setting of a layer that both architectures have, with two values; of another class, `class_name`.
  package struct Difference: Hashable, Sendable {
    /// With the models that it stands in: `encoder/conv1`.
    package let layer: String
    package let setting: String
    package let first: String
    package let second: String
    /// Whether nothing but training heeds it, as far as is known.
    package let isOfTraining: Bool

    /// `bn1: momentum 0.99 and 0.9`
    package var words: String { "\(layer): \(setting) \(first) and \(second)" }
  }

  private struct Layer: Sendable {
    let path: String
    let className: String
    let config: JSONValue
  }

  private var layers: [Layer] = []

  /// No model stands in so many others.
  private static let greatestDepth = 32

  /// Nil for what is no architecture of a model of layers.
  package init?(json: String) {
    guard json.utf8.count <= Limits.architectureBytes, let root = JSONValue(json: json),
      let config = root["config"], config["layers"]?.list ?? config.list != nil
    else { return nil }
    add(config, path: "", depth: 0)
  }

  private mutating func add(_ model: JSONValue, path: String, depth: Int) {
    guard depth < Self.greatestDepth else { return }
    for value in model["layers"]?.list ?? model.list ?? [] {
      guard let className = value["class_name"]?.text, let config = value["config"] else { continue }
      let name = path + (value["name"]?.text ?? config["name"]?.text ?? className)
      let old = Keras1Layer(className: className, config: config)
      layers.append(Layer(path: name, className: old?.className ?? className, config: old?.config ?? config))
      let inner = config["layer"].map { JSONValue.list([$0]) } ?? config
      add(inner, path: name + "/", depth: depth + 1)
    }
  }

  /// Where a setting of a layer that both have is a number, a word or a list of such in both, and differs; in the first one's order.
  package func differences(from other: KerasSettings) -> [Difference] {
    let others = Dictionary(other.layers.map { ($0.path, $0) }) { first, _ in first }
    return layers.flatMap { layer in
      others[layer.path].map { Self.differences(layer, $0) } ?? []
    }
  }

  /// The classes of which they have different numbers of layers, in sentences: `layers of the class Dropout: 2 and 1`.
  package func surplus(over other: KerasSettings) -> [String] {
    let own = Dictionary(grouping: layers, by: \.className).mapValues(\.count)
    let others = Dictionary(grouping: other.layers, by: \.className).mapValues(\.count)
    return Set(own.keys).union(others.keys).sorted().compactMap { name in
      let (first, second) = (own[name] ?? 0, others[name] ?? 0)
      return first == second ? nil : "layers of the class \(name.printable): \(first) and \(second)"
    }
  }

  private static func differences(_ first: Layer, _ second: Layer) -> [Difference] {
    guard first.className == second.className else {
      return [
        Difference(
          layer: first.path.printable, setting: "class_name", first: first.className.printable,
          second: second.className.printable, isOfTraining: false)
      ]
    }
    let (own, others) = (first.config.members ?? [:], second.config.members ?? [:])
    return own.keys.sorted().compactMap { key in
      guard !silent.contains(key), let one = own[key], let other = others[key], one.isPlain, other.isPlain,
        one.comparedWords != other.comparedWords
      else { return nil }
      return Difference(
        layer: first.path.printable, setting: key.printable, first: one.words.printable,
        second: other.words.printable,
        isOfTraining: key == "trainable" || !changesAnswers(key, other, first))
    }
  }

  /// Names, shapes and types, and what one Keras writes otherwise than the next.
  private static let silent: Set = [
    "name", "dtype", "batch_input_shape", "batch_shape", "build_input_shape", "input_dtype", "layers",
    "layer", "axis",
    "input_layers", "output_layers", "seed",
  ]

  /// Whether a layer of a class that is known answers otherwise with another value of a setting; true where that is not known.
  private static func changesAnswers(_ key: String, _ value: JSONValue, _ layer: Layer) -> Bool {
    guard let type = LayerOperations.ofKerasClass(layer.className), var members = layer.config.members else {
      return true
    }
    let own = operation(type, layer.className, members)
    members[key] = value
    let other = operation(type, layer.className, members)
    guard let own, let other else { return true }
    guard !own.isIdentityAtInference || !other.isIdentityAtInference else { return false }
    return own.atInference.isOther(than: other.atInference)
  }

  private static func operation(
    _ type: any LayerOperation.Type, _ className: String, _ members: [String: JSONValue]
  ) -> (any LayerOperation)? {
    var keras = KerasConfiguration(className: className, config: .object(members))
    let operation = type.init(keras: &keras)
    return keras.problems.isEmpty && keras.missing.isEmpty ? operation : nil
  }
}

extension LayerOperation {
  fileprivate func isOther(than other: any LayerOperation) -> Bool { (other as? Self) != self }
}

extension JSONValue {
  /// Whether it is a number, a word or nothing, or a list of such.
  fileprivate var isPlain: Bool {
    switch self {
    case .null, .number, .text: true
    case .list(let values): values.allSatisfy(\.isPlain)
    case .object: false
    }
  }

  /// Its words; of a list of one value many times, as of a stride, the value's.
  fileprivate var comparedWords: String {
    guard let values = list, let first = values.first?.comparedWords,
      values.allSatisfy({ $0.comparedWords == first })
    else { return words }
    return first
  }
}

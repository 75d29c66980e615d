/// One call of a function in a functional model.
struct FunctionCall {
  /// Its name in `keras.ops`.
  let name: String
  /// What the layers that it reads give; nil where that is not known.
  let shapes: [ActivationShape?]
  /// The one operand of two that is a constant, and whether it stands first.
  let constant: (value: JSONValue, isFirst: Bool)?
  /// Whether what it reads is never below 0.
  let readsNoNegatives: Bool
  private let castType: String?
  /// What it is called with beside its inputs, and nobody has looked at yet.
  private var settings: [String: JSONValue]

  /// - Parameter inputs: the layers it reads, as far as they can be described, with what comes of each.
  init(_ name: String, _ layer: FlatArchitecture.Layer, inputs: [(layer: Layer?, shape: ActivationShape?)]) {
    self.name = name
    shapes = inputs.map(\.shape)
    readsNoNegatives = inputs.first?.layer?.operation.givesNoNegatives ?? false
    constant = layer.constantOperand
    castType = layer.typeOfCast(name)
    settings = layer.functionSettings
  }

  /// How many layers it reads.
  var inputCount: Int { shapes.count }

  /// How many axes the first of them has, without the batch's; those of an image where it is not known.
  var rank: Int { shapes.first??.dimensions.count ?? 3 }

  /// A setting by any of its names; nil where it is `None` or not there.
  mutating func take(_ keys: String...) -> JSONValue? {
    var found: JSONValue?
    for key in keys { if let value = settings.removeValue(forKey: key) { found = found ?? value } }
    return found
  }

  /// A setting that says nothing where it has one of these values, as in `False` or `channels_last`.
  mutating func expect(_ key: String, _ wanted: Set<String>) throws(NoCounterpart) {
    guard let value = take(key), !wanted.contains(value.words) else { return }
    throw NoCounterpart(key, value)
  }

  /// Throws where a setting is left that nobody knows.
  func expectNothingElse() throws(NoCounterpart) {
    guard let (key, value) = settings.min(by: { $0.key < $1.key }) else { return }
    throw NoCounterpart(key, value)
  }

  /// Axes counted from the batch's, which is 0; nil where they are none of the input's.
  func axes(_ value: JSONValue?) -> [Int]? {
    guard let numbers = value?.integers ?? value?.integer.map({ [$0] }) else { return nil }
    let all = -(rank + 1)..<(rank + 1)
    guard numbers.allSatisfy(all.contains) else { return nil }
    return numbers.map { $0 < 0 ? $0 + rank + 1 : $0 }
  }

  /// The type that a cast makes is one of numbers with fractions.
  mutating func cast() throws(NoCounterpart) -> ActivationLayer {
    settings = [:]
    guard castType.map({ $0.hasPrefix("float") || $0 == "bfloat16" }) ?? (name == "convert_to_tensor") else {
      var problem = NoCounterpart(words: "")
      problem.sentence =
        "it casts to \(castType ?? "a type that is not given"); only numbers with fractions are computed with"
      throw problem
    }
    return ActivationLayer(.linear)
  }

  /// The activation of the function's name with the settings that it is called with.
  mutating func activation() throws(NoCounterpart) -> ActivationLayer {
    guard var activation = Activation(kerasName: name) else { throw NoCounterpart(words: "") }
    for key in ["alpha", "approximate", "axis", "beta", "negative_slope"] {
      guard let value = take(key) else { continue }
      switch (name, key, value.number) {
      case ("leaky_relu", "negative_slope", let slope?), ("leaky_relu", "alpha", let slope?):
        guard slope.isFinite else { throw NoCounterpart(key, value) }
        activation = .leakyReLU(negativeSlope: slope)
      case ("elu", "alpha", let alpha?) where alpha.isFinite: activation = .elu(alpha: alpha)
      case ("gelu", "approximate", let isApproximate?): activation = .gelu(approximate: isApproximate != 0)
      case ("softmax", "axis", _) where axes(value) == [rank]: break
      case ("silu", "beta", 1): break
      default: throw NoCounterpart(key, value)
      }
    }
    return ActivationLayer(activation)
  }
}

extension FlatArchitecture.Layer {
  /// The keyword's constant.
  private func constant(_ keyword: String) -> JSONValue? {
    if case .constant(let value)? = keywords[keyword] { value } else { nil }
  }

  /// What a function is called with beside its input, by name: Keras 3 writes it into the configuration, Keras 2 into the
  /// call. Arguments without a name go by their places.
  fileprivate var functionSettings: [String: JSONValue] {
    let ofTheLayer: Set<String> = ["name", "dtype", "trainable", "function"]
    var settings = (config.members ?? [:]).filter { !ofTheLayer.contains($0.key) }
    for (key, argument) in keywords where key != "name" {
      if argument.layers.isEmpty { settings[key] = argument.json ?? .text("[...]") }
    }
    for (place, argument) in arguments.enumerated() where argument.layers.isEmpty {
      settings["argument \(place + 1)"] = argument.json ?? .text("[...]")
    }
    return settings.filter { if case .null = $0.value { false } else { true } }
  }

  /// The type that a cast makes, as far as it is said.
  fileprivate func typeOfCast(_ name: String) -> String? {
    guard name == "cast" || name == "convert_to_tensor" else { return nil }
    let given = constant("dtype") ?? (className == "TFOpLambda" ? nil : config["dtype"])
    let unnamed = arguments.lazy.compactMap { if case .constant(let value) = $0 { value.text } else { nil } }
    return given?.text ?? given?["config"]?["name"]?.text ?? unnamed.first
  }

  /// Whether the layer, or the image, has whole numbers, as its type says: computing with them goes round at their limits.
  var isOfWholeNumbers: Bool {
    let type = config["dtype"]?.text ?? config["dtype"]?["config"]?["name"]?.text ?? ""
    return ["int", "uint", "bool"].contains(where: type.hasPrefix)
  }

  /// The constant of two operands, and whether it stands first.
  fileprivate var constantOperand: (value: JSONValue, isFirst: Bool)? {
    let named = ["x1", "x", "x2", "y", "value", "bias"].compactMap { keywords[$0] }
    let operands = arguments + named
    guard operands.count == 2 else { return nil }
    for (index, operand) in operands.enumerated() {
      switch operand {
      case .constant(let value): return (value, index == 0)
      case .list where operand.layers.isEmpty: return operand.json.map { ($0, index == 0) }
      case .layer, .list: continue
      }
    }
    return nil
  }
}

extension FlatArchitecture.Argument {
  /// The constant that it is, lists included.
  fileprivate var json: JSONValue? {
    switch self {
    case .constant(let value): return value
    case .layer: return nil
    case .list(let members):
      let values = members.map(\.json)
      return values.contains { $0 == nil } ? nil : .list(values.compactMap(\.self))
    }
  }
}

extension LayerOperation {
  /// Whether nothing that comes of it is below 0, whatever it reads.
  fileprivate var givesNoNegatives: Bool {
    let last = (self as? any ActivationOperation)?.activation ?? (self as? any BiasedOperation)?.activation
    return last?.isNeverNegative ?? false
  }
}

/// A function in a functional model, `x / 127.5 - 1` or `relu(x)`: Keras keeps each as a layer.
enum KerasFunction {
  /// The function's name, in lower case; nil for a layer proper. Keras 2 writes the whole name into the configuration, Keras 3
  /// a class whose module is one of operations, or, in legacy files, one that cannot be trained or not.
  static func name(className: String, module: String, config: JSONValue) -> String? {
    if ["TFOpLambda", "SlicingOpLambda"].contains(className) {
      let function = config["function"]?.text ?? ""
      return function.split(separator: ".").last.map { $0.lowercased() }
    }
    if module.contains(".ops") { return className.lowercased() }
    guard module.isEmpty, config["trainable"] == nil, config["name"] != nil else { return nil }
    let name = className.lowercased()
    let isLayer = LayerOperations.ofKerasClass(className) != nil
    return merges[name] != nil || others.contains(name) && !isLayer ? name : nil
  }

  /// The operation that the function is, called with these arguments; what cannot be said is noted in `keras`.
  static func operation(_ name: String, _ layer: FlatArchitecture.Layer, _ keras: inout KerasConfiguration)
    -> (any LayerOperation)?
  {
    if let type = merges[name] { return arithmetic(name, type, layer, &keras) }
    guard layer.inputs.count == 1 else {
      keras.refuse("the function \(name) has no counterpart")
      return nil
    }
    switch name {
    case "identity", "stop_gradient": return ActivationLayer(.linear)
    case "cast", "convert_to_tensor":
      let type = layer.type(ofCast: name)
      guard type.map({ $0.hasPrefix("float") || $0 == "bfloat16" }) ?? (name == "convert_to_tensor") else {
        keras.refuse(
          "it casts to \(type ?? "a type that is not given"); only numbers with fractions are computed with")
        return nil
      }
      return ActivationLayer(.linear)
    default: return activation(otherNames[name] ?? name, layer, &keras).map { ActivationLayer($0) }
    }
  }

  /// The activation of that name with the settings that the function is called with.
  private static func activation(
    _ name: String, _ layer: FlatArchitecture.Layer, _ keras: inout KerasConfiguration
  ) -> Activation? {
    guard var activation = Activation(kerasName: name) else {
      keras.refuse("the function \(name) has no counterpart")
      return nil
    }
    for (key, value) in layer.functionSettings.sorted(by: { $0.key < $1.key }) {
      switch (name, key, value.number) {
      case ("leaky_relu", "negative_slope", let slope?), ("leaky_relu", "alpha", let slope?):
        activation = .leakyReLU(negativeSlope: slope)
      case ("elu", "alpha", let alpha?): activation = .elu(alpha: alpha)
      case ("gelu", "approximate", let isApproximate?): activation = .gelu(approximate: isApproximate != 0)
      case ("softmax", "axis", -1), ("silu", "beta", 1), ("swish", "beta", 1): break
      default:
        keras.refuse("the function \(name) with \(key) = \(value.words) has no counterpart")
        return nil
      }
    }
    return activation
  }

  private static let merges: [String: any LayerOperation.Type] = [
    "add": Add.self, "subtract": Subtract.self, "sub": Subtract.self, "multiply": Multiply.self,
    "mul": Multiply.self,
    "truedivide": Rescaling.self, "truediv": Rescaling.self, "divide": Rescaling.self, "div": Rescaling.self,
    "bias_add": Add.self, "maximum": Maximum.self, "minimum": Minimum.self,
  ]
  private static let others: Set<String> = [
    "getitem", "stack", "relu", "relu6", "sigmoid", "silu", "gelu", "tanh", "softmax", "softplus",
    "hardsigmoid",
    "hardswish", "hardsilu", "elu", "selu", "leakyrelu", "cast",
  ]
  private static let otherNames = [
    "hardsigmoid": "hard_sigmoid", "hardswish": "hard_silu", "hardsilu": "hard_silu",
    "leakyrelu": "leaky_relu",
  ]

  /// Of two layers, element by element, or of one and a constant: `scale * x + offset`.
  private static func arithmetic(
    _ name: String, _ type: any LayerOperation.Type, _ layer: FlatArchitecture.Layer,
    _ keras: inout KerasConfiguration
  ) -> (any LayerOperation)? {
    if layer.inputs.count > 1, type != Rescaling.self { return type.init() }
    guard layer.inputs.count == 1, let constant = layer.operand, let numbers = numbers(constant.value) else {
      keras.refuse("the function \(name) of these arguments has no counterpart")
      return nil
    }
    switch (name, constant.isFirst) {
    case ("add", _), ("bias_add", false): return Rescaling { $0.offset = numbers }
    case ("multiply", _), ("mul", _): return Rescaling { $0.scale = numbers }
    case ("subtract", false), ("sub", false): return Rescaling { $0.offset = numbers.map { -$0 } }
    case ("subtract", true), ("sub", true):
      return Rescaling { ($0.scale, $0.offset) = ([-1], numbers) }
    case ("truedivide", false), ("truediv", false), ("divide", false), ("div", false):
      return Rescaling { $0.scale = numbers.map { 1 / $0 } }
    default:
      keras.refuse("the function \(name) of a constant has no counterpart")
      return nil
    }
  }

  /// A number, or one a channel, however deep in lists.
  private static func numbers(_ value: JSONValue) -> [Double]? {
    if let number = value.number { return number.isFinite ? [number] : nil }
    if let inner = value["config"]?["value"] { return numbers(inner) }
    guard let list = value.list, !list.isEmpty else { return nil }
    if list.count == 1 { return numbers(list[0]) }
    let all = list.compactMap(\.number)
    return all.count == list.count && all.allSatisfy(\.isFinite) ? all : nil
  }
}

extension FlatArchitecture.Layer {
  /// The keyword's constant.
  fileprivate func constant(_ keyword: String) -> JSONValue? {
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
  fileprivate func type(ofCast name: String) -> String? {
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
  fileprivate var operand: (value: JSONValue, isFirst: Bool)? {
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

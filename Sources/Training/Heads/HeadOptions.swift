import Catalog
import Encoding
import Tensors

/// A layer's name and what stands between its parentheses.
struct HeadOptions {
  struct Argument {
    var key: HeadToken?
    var value: HeadToken
  }

  let head: String
  let layer: HeadToken
  var arguments: [Argument]

  /// The layers by their names without underscores, lower case.
  private static let layers: [String: String] = [
    "dense": "dense", "dropout": "dropout", "flatten": "flatten", "activation": "activation",
    "globalaveragepooling": "global_average_pooling", "globalaveragepooling2d": "global_average_pooling",
    "globalavgpool2d": "global_average_pooling", "globalavgpooling": "global_average_pooling",
    "globalmaxpool2d": "global_max_pooling", "globalmaxpooling": "global_max_pooling",
    "globalmaxpooling2d": "global_max_pooling", "batchnormalization": "batch_normalization",
    "unitnormalization": "unit_normalization",
  ]

  func parsedLayer() throws(TrainingError) -> HeadLayer {
    switch Self.layers[layer.text.withoutUnderscores] {
    case "dense": return try dense().headLayer
    case "dropout": return try dropout().headLayer
    case "batch_normalization": return try batchNormalization().headLayer
    case "activation":
      let values = try bound(to: ["activation"])
      return (try activation(try required("activation", values)) ?? .linear).headLayer
    case .some(let name):
      _ = try bound(to: [])
      return Self.plain(name)
    case nil:
      guard let function = Self.function(layer.text) else { throw unknown(layer, "layer", among: Self.names) }
      return try parameterized(function).headLayer
    }
  }

  private static func plain(_ name: String) -> HeadLayer {
    switch name {
    case "global_average_pooling": GlobalAveragePooling2D().headLayer
    case "global_max_pooling": GlobalMaxPooling2D().headLayer
    case "unit_normalization": UnitNormalization().headLayer
    default: Flatten().headLayer
    }
  }

  private func dense() throws(TrainingError) -> Dense {
    let values = try bound(
      to: [
        "units", "activation", "use_bias", "kernel_initializer", "bias_initializer", "l1", "l2", "bias_l1",
        "bias_l2",
      ], unnamed: 3)
    let units = try required("units", values)
    guard units.kind == .number, let count = Int(units.text), count > 0 else {
      throw .syntax(
        head: head, position: units.position, expected: "the number of units, 1 or more", found: units.found)
    }
    return Dense(
      count, activation: try activation(values["activation"]) ?? .linear,
      useBias: try flag(values["use_bias"]) ?? true,
      kernelInitializer: try initializer(values["kernel_initializer"]) ?? .glorotUniform,
      biasInitializer: try initializer(values["bias_initializer"]) ?? .zeros,
      kernelRegularizer: try regularizer(values["l1"], values["l2"]),
      biasRegularizer: try regularizer(values["bias_l1"], values["bias_l2"]))
  }

  private func batchNormalization() throws(TrainingError) -> BatchNormalization {
    let values = try bound(to: ["momentum", "epsilon", "center", "scale"], unnamed: 0)
    return BatchNormalization(
      momentum: try number(values["momentum"], "a momentum from 0 to 1") ?? 0.99,
      epsilon: try number(values["epsilon"], "an epsilon above 0") ?? 1e-3,
      center: try flag(values["center"]) ?? true, scale: try flag(values["scale"]) ?? true)
  }

  private func regularizer(_ l1: HeadToken?, _ l2: HeadToken?) throws(TrainingError) -> Regularizer {
    var regularizer = Regularizer()
    regularizer.l1 = try number(l1, "a regulariser of 0 or more") ?? 0
    regularizer.l2 = try number(l2, "a regulariser of 0 or more") ?? 0
    return regularizer
  }

  private func initializer(_ token: HeadToken?) throws(TrainingError) -> Initializer? {
    guard let token else { return nil }
    let wanted = token.text.withoutUnderscores
    guard let found = Initializer.allCases.first(where: { $0.rawValue.withoutUnderscores == wanted }) else {
      throw unknown(token, "initializer", among: Initializer.allCases.map(\.rawValue))
    }
    return found
  }

  /// A number of 0 or more; what it must be besides is the layer's to say.
  func number(_ token: HeadToken?, _ expected: String) throws(TrainingError) -> Double? {
    guard let token else { return nil }
    guard token.kind == .number, let value = Double(token.text), value >= 0, value.isFinite else {
      throw .syntax(head: head, position: token.position, expected: expected, found: token.found)
    }
    return value
  }

  private func dropout() throws(TrainingError) -> Dropout {
    try refuseDecimalComma()
    let rate = try required("rate", try bound(to: ["rate"]))
    guard rate.kind == .number, let value = Double(rate.text), value >= 0, value < 1 else {
      throw .syntax(
        head: head, position: rate.position, expected: "a rate from 0 up to but not including 1",
        found: rate.found)
    }
    return Dropout(value)
  }

  /// `dropout(0,2)` drops nothing in Python: it is a rate of 0 and a noise shape of 2.
  private func refuseDecimalComma() throws(TrainingError) {
    guard arguments.count == 2, let whole = arguments.first?.value, let fraction = arguments.last?.value,
      whole.kind == .number, fraction.kind == .number, arguments.last?.key == nil,
      Int(whole.text) != nil, Int(fraction.text) != nil
    else { return }
    throw .decimalComma(
      head: head, position: whole.position, written: "\(whole.text),\(fraction.text)",
      meant: "\(whole.text).\(fraction.text)")
  }
}

extension HeadOptions {
  /// The arguments by name: those without a key take the first `unnamed` names in order.
  func bound(to names: [String], unnamed: Int? = nil) throws(TrainingError) -> [String: HeadToken] {
    var values: [String: HeadToken] = [:]
    for (index, argument) in arguments.enumerated() {
      let name = try self.name(of: argument, at: index, among: names, unnamed: unnamed ?? names.count)
      if let inner = argument.value.arguments.first, name != "activation" {
        throw .syntax(
          head: head, position: inner.value.position, expected: "no options for \(argument.value.text)",
          found: inner.value.found)
      }
      guard values.updateValue(argument.value, forKey: name) == nil else {
        throw .syntax(
          head: head, position: argument.value.position, expected: "'\(name)' once", found: "it twice")
      }
    }
    return values
  }

  private func name(of argument: Argument, at index: Int, among names: [String], unnamed: Int)
    throws(TrainingError) -> String
  {
    if let key = argument.key {
      guard names.contains(key.text) else { throw unknown(key, "option of \(layer.text)", among: names) }
      return key.text
    }
    guard index < unnamed else {
      let listed = names.prefix(unnamed).joined(separator: ", ")
      let rest = names.dropFirst(unnamed).map { "\($0)=" }.joined(separator: ", ")
      let most =
        names.isEmpty
        ? "no options" : [listed, rest].filter { !$0.isEmpty }.joined(separator: ", ") + " and nothing else"
      throw .syntax(
        head: head, position: argument.value.position, expected: "\(most) for \(layer.text)",
        found: argument.value.found)
    }
    return names[index]
  }

  private func required(_ name: String, _ values: [String: HeadToken]) throws(TrainingError) -> HeadToken {
    guard let token = values[name] else {
      throw .syntax(
        head: head, position: layer.position, expected: "\(layer.text)(\(name), ...)",
        found: "\(layer.found) without \(name)")
    }
    return token
  }

  private func activation(_ token: HeadToken?) throws(TrainingError) -> Activation? {
    guard let token else { return nil }
    guard let function = Self.function(token.text) else {
      throw unknown(token, "activation", among: Activation.names)
    }
    return try HeadOptions(head: head, layer: token, arguments: token.arguments).parameterized(function)
  }

  func flag(_ token: HeadToken?) throws(TrainingError) -> Bool? {
    guard let token else { return nil }
    switch token.text.lowercased() {
    case "true": return true
    case "false": return false
    default:
      throw .syntax(head: head, position: token.position, expected: "true or false", found: token.found)
    }
  }

  private func unknown(_ token: HeadToken, _ kind: String, among names: [String]) -> TrainingError {
    .unknownName(
      head: head, position: token.position, kind: kind, found: token.text,
      nearest: Encoding.nearest(to: token.text, in: names))
  }

  private static var names: [String] {
    Array(Set(layers.values)).sorted() + Activation.names
  }

  /// The activation of a name in any case, with or without underscores.
  private static func function(_ name: String) -> Activation? {
    let wanted = name.withoutUnderscores
    let known = Activation.names.first { $0.withoutUnderscores == wanted }
    return Activation(kerasName: known ?? name.lowercased())
  }
}

extension String {
  /// Lower case without underscores, so that Keras's class names and function names are one.
  var withoutUnderscores: String { lowercased().filter { $0 != "_" } }
}

/// An activation as it stands in an entry: its name, or an object with the name and those parameters that are not the
/// ones the name stands for: `{"name": "relu", "maxValue": 6}`.
struct ActivationRecord {
  private var name: String
  private var numbers: [String: Double] = [:]
  private var approximate: Bool?

  /// The parameters each function has, in the order in which they are written.
  private static let parameters = [
    "relu": ["maxValue", "negativeSlope", "threshold"], "leaky_relu": ["negativeSlope"], "elu": ["alpha"],
    "hard_sigmoid": ["slope"], "gelu": ["approximate"],
  ]

  init(_ activation: Activation) {
    name = activation.kerasName
    let plain = Activation(kerasName: name)
    switch activation {
    case .relu(let limit, let slope, let threshold):
      numbers["maxValue"] = limit
      if slope != 0 { numbers["negativeSlope"] = slope }
      if threshold != 0 { numbers["threshold"] = threshold }
    case .leakyReLU(let slope): if activation != plain { numbers["negativeSlope"] = slope }
    case .elu(let alpha): if activation != plain { numbers["alpha"] = alpha }
    case .hardSigmoid(let slope): if activation != plain { numbers["slope"] = slope }
    case .gelu(let approximate): self.approximate = approximate ? true : nil
    case .linear, .selu, .sigmoid, .silu, .hardSilu, .tanh, .softplus, .softsign, .mish, .exponential,
      .softmax:
      break
    }
  }

  /// The activation; nil for an unknown name.
  var activation: Activation? {
    switch Activation(kerasName: name) {
    case .relu(let limit, let slope, let threshold):
      .relu(
        maxValue: numbers["maxValue"] ?? limit, negativeSlope: numbers["negativeSlope"] ?? slope,
        threshold: numbers["threshold"] ?? threshold)
    case .leakyReLU(let slope): .leakyReLU(negativeSlope: numbers["negativeSlope"] ?? slope)
    case .elu(let alpha): .elu(alpha: numbers["alpha"] ?? alpha)
    case .hardSigmoid(let slope): .hardSigmoid(slope: numbers["slope"] ?? slope)
    case .gelu(let approximate): .gelu(approximate: self.approximate ?? approximate)
    case let other: other
    }
  }

  /// As it stands in an entry.
  var json: JSONText {
    let members: [(String, JSONText)] = (Self.parameters[name] ?? []).compactMap { key in
      (numbers[key].map(JSONText.number) ?? (key == "approximate" ? approximate.map(JSONText.flag) : nil))
        .map { (key, $0) }
    }
    return members.isEmpty ? .text(name) : .object([("name", .text(name))] + members)
  }
}

extension ActivationRecord: Decodable {
  init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self.name = name
      return
    }
    let values = try decoder.container(keyedBy: AnyKey.self)
    name = try values.decode(String.self, forKey: "name")
    let parameters = Self.parameters[name] ?? []
    try values.expectOnly((["name"] + parameters).map(AnyKey.init(stringValue:)))
    for key in parameters where key != "approximate" {
      numbers[key] = try values.decodeIfPresent(Double.self, forKey: AnyKey(stringValue: key))
    }
    approximate = try values.decodeIfPresent(Bool.self, forKey: "approximate")
  }
}

extension KeyedDecodingContainer {
  /// An activation.
  func activation(_ key: Key) throws -> Activation {
    guard let activation = try decode(ActivationRecord.self, forKey: key).activation else {
      let text = try decode(String.self, forKey: key)
      throw wrong(key, "is \"\(text)\"; expected one of \(Activation.names.joined(separator: ", "))")
    }
    return activation
  }
}

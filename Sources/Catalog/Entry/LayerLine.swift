import Foundation

/// A layer's line in an entry, and what the entry's defaults say where it says nothing.
struct LayerLine {
  let name: String
  let defaults: LayerDefaults
  fileprivate let values: KeyedDecodingContainer<AnyKey>

  /// The value under a key, or nil where the line has no such key.
  func value<Value>(_ key: String, _ form: SettingForm<Value>) throws -> Value? {
    let key = AnyKey(stringValue: key)
    return values.contains(key) ? try form.read(values, key) : nil
  }

  /// Says that the line must have a key.
  func missing<Value>(_ key: String) throws -> Value {
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: values.codingPath,
        debugDescription: "\(name): the key \"\(key)\" is missing, and the entry's defaults do not give it"))
  }
}

/// Decoding a layer's line. Keys that its operation does not know are errors: a misspelt key must not be ignored.
extension Layer: DecodableWithConfiguration {
  package init(from decoder: any Decoder, configuration: LayerDefaults) throws {
    let values = try decoder.container(keyedBy: AnyKey.self)
    let type = try values.operation("op")
    name = try values.name("name")
    let wiring: [AnyKey] = type.arity == .none ? [] : [type.arity == .one ? "input" : "inputs"]
    try values.expectOnly(
      ["name", "op"] + wiring + type.keys.map(AnyKey.init(stringValue:)) + ["regularizers", "unapplied"])
    inputs =
      switch type.arity {
      case .none: []
      case .one: [try values.name("input")]
      case .two, .twoOrMore: try values.decode([String].self, forKey: "inputs")
      }
    if values.contains("regularizers") { penalties = try values.penalties("regularizers") }
    if values.contains("unapplied") { unapplied = try values.decode([String].self, forKey: "unapplied") }
    operation = try type.init(LayerLine(name: name, defaults: configuration, values: values))
  }
}

extension KeyedDecodingContainer<AnyKey> {
  /// What parameters cost, by their roles.
  fileprivate func penalties(_ key: AnyKey) throws -> [String: WeightPenalty] {
    try decode([String: [String: Double]].self, forKey: key).mapValues { factors in
      guard Set(factors.keys).isSubset(of: ["l1", "l2"]),
        let penalty = WeightPenalty(l1: factors["l1"] ?? 0, l2: factors["l2"] ?? 0)
      else { throw wrong(key, "is \(factors); expected l1 and l2, each 0 or more") }
      return penalty
    }
  }

  fileprivate func operation(_ key: AnyKey) throws -> any LayerOperation.Type {
    let keyword = try decode(String.self, forKey: key)
    guard let type = LayerOperations.named(keyword) else {
      let known = LayerOperations.all.map { $0.keyword }.joined(separator: ", ")
      throw wrong(key, "is \"\(keyword)\"; expected one of \(known)")
    }
    return type
  }
}

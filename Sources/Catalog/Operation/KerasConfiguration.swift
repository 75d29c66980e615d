/// What Keras says of one layer, and what of it cannot be said here.
package struct KerasConfiguration {
  /// `Conv2D`.
  package let className: String
  private let config: JSONValue
  /// How many axes what it reads has, without the batch's; those of an image where that is not known.
  let rank: Int
  /// What cannot be said, each in a sentence.
  private(set) var problems: [String] = []
  /// Keys that are not there and have no default.
  private(set) var missing: [String] = []

  init(className: String, config: JSONValue, rank: Int? = nil) {
    self.className = className
    self.config = config
    self.rank = rank ?? 3
  }

  /// A key's value; nil where it is `None` or not there.
  subscript(key: String) -> JSONValue? { config[key] }

  /// The regularisers of parameters, by their roles, that are sums of absolute or squared weights.
  var penalties: [String: WeightPenalty] {
    var penalties: [String: WeightPenalty] = [:]
    for key in (config.members ?? [:]).keys {
      guard let role = Self.role(regularizedBy: key), let penalty = config[key].flatMap(WeightPenalty.init),
        !penalty.isFree
      else { continue }
      penalties[role] = penalty
    }
    return penalties
  }

  /// The other regularisers and the constraints that there are, in words: `kernel_constraint MaxNorm`.
  var unapplied: [String] {
    (config.members ?? [:]).keys.sorted().compactMap { key in
      guard key.hasSuffix("_regularizer") || key.hasSuffix("_constraint"), let value = config[key],
        Self.role(regularizedBy: key) == nil || WeightPenalty(value) == nil
      else { return nil }
      return "\(key) \(value["class_name"] == nil ? value["name"]?.text ?? value.words : value.words)"
        .printable
    }
  }

  /// The role of the parameter that a key is about; nil for one about anything else. Keras 1 calls a kernel `W`.
  private static func role(regularizedBy key: String) -> String? {
    key.hasSuffix("_regularizer") ? roles[String(key.dropLast("_regularizer".count))] : nil
  }

  private static let roles = [
    "kernel": "kernel", "W": "kernel", "bias": "bias", "b": "bias", "depthwise": "depthwise_kernel",
    "pointwise": "pointwise_kernel", "gamma": "gamma", "beta": "beta", "alpha": "alpha",
  ]

  mutating func refuse(_ problem: String) { problems.append(problem) }

  /// A key's value; `fallback` where it is `None` or not there. Notes what is wrong where there is neither.
  mutating func value<Value>(_ key: String, _ form: SettingForm<Value>, ifNone fallback: Value?) -> Value? {
    guard let value = config[key] else {
      if fallback == nil { missing.append(key) }
      return fallback
    }
    if let translated = form.translate(value) { return translated }
    refuse("\(key) is \(value.quoted); expected \(form.expected)")
    return nil
  }

  /// Notes a value that is not the only one that can be described; one that is absent is that one.
  mutating func expect(_ key: String, _ wanted: String) {
    guard let value = config[key], value.words != wanted else { return }
    refuse("\(key) is \(value.quoted); expected \(wanted)")
  }

  /// Whether `axis` is there and names none: all numbers of an image are taken together.
  var namesNoAxis: Bool {
    switch config.members?["axis"] {
    case .null: true
    case .list(let axes): axes.isEmpty
    case .number, .text, .object, nil: false
    }
  }

  /// Notes an axis that is not the channels'. Keras counts axes from the batch, or from the end.
  mutating func expectLastAxis() {
    guard let axis = config["axis"] else { return }
    let axes = axis.integers ?? axis.integer.map { [$0] } ?? []
    guard axes != [-1], axes != [rank] else { return }
    refuse("axis is \(axis.quoted); expected the last alone, -1 or \(rank)")
  }
}

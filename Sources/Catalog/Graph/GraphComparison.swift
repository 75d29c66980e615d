/// Where a graph computes something else than another with the same weights, whatever its layers are called and in which order
/// they stand.
///
/// Layers with weights are told by whose weights they have; all others by what they compute of what. Layers that change nothing
/// at inference are looked through.
package struct GraphComparison {
  /// One sentence a difference: the layer, what is expected and what was found. Empty where the graphs compute the same.
  package private(set) var differences: [String] = []
  private var values = ValueTable()

  /// Compares `found` with `expected`, whose last layer may lie within the other.
  ///
  /// - Parameter names: the layers of `expected` that have weights, each with its name in `found`.
  /// - Complexity: O(layers).
  package init(expected: LayerGraph, found: LayerGraph, names: [String: String]) {
    let owners = Dictionary(names.map { ($1, $0) }) { first, _ in first }
    let wanted = readings(of: expected) { names[$0] == nil ? nil : $0 }
    let others = readings(of: found) { owners[$0] }
    for layer in expected.layers {
      guard let own = wanted.byWeights[layer.name], let other = others.byWeights[layer.name] else { continue }
      if let difference = Self.difference(own.operation, other.operation) {
        differences.append("\(layer.name): \(difference)")
      }
      if own.inputs != other.inputs {
        differences.append(
          "\(layer.name): expected to read \(values.words(own.inputs)), found \(values.words(other.inputs))")
      }
    }
    if let last = wanted.last, !others.all.contains(last) {
      differences.append("the last layer: expected \(values.words([last])), found none that computes this")
    }
  }

  private struct Readings {
    /// What the owner of each set of weights computes, of which values.
    var byWeights: [String: (operation: any LayerOperation, inputs: [Int])] = [:]
    var all: Set<Int> = []
    var last: Int?
  }

  /// - Parameter weights: whose weights a layer has; nil for one without.
  private mutating func readings(of graph: LayerGraph, weights: (String) -> String?) -> Readings {
    var readings = Readings()
    var known: [String: Int] = [:]
    for layer in graph.layers {
      let inputs = layer.inputs.map { name in known[name] ?? values.unknown(name) }
      let value: Int
      if let owner = weights(layer.name) {
        readings.byWeights[owner] = (layer.operation.atInference, inputs)
        value = values.output(of: owner)
      } else {
        value = values.output(of: layer.operation, inputs)
      }
      known[layer.name] = value
      readings.all.insert(value)
      readings.last = value
    }
    return readings
  }

  /// How two operations differ, both sides said; nil where they do not.
  private static func difference(
    _ expected: any LayerOperation, _ found: any LayerOperation
  ) -> String? {
    guard AnyHashable(expected) != AnyHashable(found) else { return nil }
    guard expected.kerasClass == found.kerasClass else {
      return "expected \(expected.kerasClass), found \(found.kerasClass)"
    }
    let (wanted, other) = (expected.settings, found.settings)
    let names = (wanted + other).map(\.name)
    let differing = names.indices.filter { !names[..<$0].contains(names[$0]) }.map { names[$0] }
      .filter { name in wanted.first { $0.name == name }?.value != other.first { $0.name == name }?.value }
    func side(_ settings: [(name: String, value: String)]) -> String {
      differing.map { name in
        settings.first { $0.name == name }.map { "\($0.name) \($0.value)" } ?? "no \(name)"
      }.joined(separator: ", ")
    }
    return "expected \(side(wanted)), found \(side(other))"
  }
}

/// The values of graphs, numbered so that equal ones have one number.
private struct ValueTable {
  private struct Value: Hashable {
    /// An operation, or a name where nothing else is known.
    var source: AnyHashable
    var inputs: [Int]
  }

  private var numbers: [Value: Int] = [:]
  private var texts: [String] = []

  mutating func output(of owner: String) -> Int {
    number(Value(source: AnyHashable("weights of \(owner)"), inputs: []), owner)
  }

  mutating func unknown(_ name: String) -> Int {
    number(Value(source: AnyHashable("layer \(name)"), inputs: []), name)
  }

  mutating func output(of operation: any LayerOperation, _ inputs: [Int]) -> Int {
    let activation = (operation as? any ActivationOperation)?.activation
    if operation.isIdentityAtInference || activation == .linear, let input = inputs.first { return input }
    if operation is InputLayer { return number(Value(source: AnyHashable("input"), inputs: []), "the input") }
    // A sum is the same in any order, an activation by any class.
    let ordered = operation is Add ? inputs.sorted() : inputs
    let canonical: any LayerOperation =
      activation.map { ActivationLayer($0) as any LayerOperation } ?? operation
    let settings = canonical.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    let text = "\(canonical.kerasClass)(\(words(ordered))\(settings.isEmpty ? "" : "; \(settings)"))"
    return number(Value(source: AnyHashable(canonical), inputs: ordered), text)
  }

  func words(_ values: [Int]) -> String { values.map { texts[$0] }.joined(separator: ", ") }

  private mutating func number(_ value: Value, _ text: String) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = texts.count
    texts.append(text.count > 160 ? "\(text.prefix(157))..." : text)
    return texts.count - 1
  }
}

extension LayerOperation {
  /// Its settings as an entry writes them: `strides`, `[2, 2]`. What an entry leaves out is not among them.
  fileprivate var settings: [(name: String, value: String)] {
    members(leavingOut: LayerDefaults()).map { ("\($0.0)", $0.1.text) }
  }
}

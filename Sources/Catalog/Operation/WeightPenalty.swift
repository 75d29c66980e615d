/// What Keras's `L1`, `L2` and `L1L2` add to the loss for one parameter of a layer: `l1 Σ|w| + l2 Σw²`. No answer depends on it.
package struct WeightPenalty: Hashable, Sendable {
  /// The factor of the sum of absolute weights; finite, 0 or more.
  package var l1: Double
  /// The factor of the sum of squared weights; finite, 0 or more.
  package var l2: Double

  /// Nil for factors that are no penalties.
  package init?(l1: Double = 0, l2: Double = 0) {
    guard [l1, l2].allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    (self.l1, self.l2) = (l1, l2)
  }

  /// What a layer's configuration has under a key such as `kernel_regularizer`; nil for what is no such sum. Keras 1 writes the
  /// factors beside the name, later ones into `config`, where the word alone stands for 0.01.
  init?(_ value: JSONValue) {
    let name = (value.text ?? value["class_name"]?.text ?? value["name"]?.text ?? "").lowercased()
    let hasBoth = ["l1l2", "l1_l2", "l1l2regularizer", "weightregularizer"].contains(name)
    guard hasBoth || name == "l1" || name == "l2" else { return nil }
    func factor(_ key: String) -> Double {
      guard hasBoth || name == key else { return 0 }
      guard value.text == nil else { return 0.01 }
      return (value["config"] ?? value)[key].map { $0.number ?? .nan } ?? 0
    }
    self.init(l1: factor("l1"), l2: factor("l2"))
  }

  /// Whether it costs nothing.
  var isFree: Bool { l1 == 0 && l2 == 0 }

  /// As an entry has it: `{"l2": 0.0001}`.
  var json: JSONText {
    .object([("l1", l1), ("l2", l2)].filter { $0.1 != 0 }.map { ($0.0, .number($0.1)) })
  }
}

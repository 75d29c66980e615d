/// A tensor with values that trained weights do not have, and how many.
public struct TensorFinding: Hashable, Sendable, CustomStringConvertible {
  /// The tensor.
  public let tensor: String
  /// How many values it has.
  public let valueCount: Int
  /// How many of them are unusual.
  public let values: ValueCounts

  /// What there is to say of a tensor; nil where all of its values are ordinary.
  package init?(tensor: String, valueCount: Int, values: ValueCounts) {
    guard !values.isOrdinary else { return nil }
    (self.tensor, self.valueCount, self.values) = (tensor, valueCount, values)
  }

  /// `bn/moving_variance: 1 NaN, 2 negative of 64 values`.
  public var description: String {
    let parts = [
      (values.nan, "NaN"), (values.infinite, "infinite"), (values.negative, "negative"),
      (values.subnormal, "subnormal"),
    ]
    let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return "\(tensor): \(said) of \(valueCount) values"
  }

  /// Whether values of the tensor of this name may be below zero: all but variances, by Keras's name for them.
  package static func mayBeNegative(_ tensor: String) -> Bool { !tensor.hasSuffix("moving_variance") }
}

extension [TensorFinding] {
  /// A warning about values that make weights unusable, in one sentence; nil without such values. Subnormal values
  /// alone give no warning.
  public var warning: String? {
    let wrong = filter { !$0.values.isUsable }
    guard !wrong.isEmpty else { return nil }
    let named = wrong.prefix(3).map(\.description).joined(separator: "; ")
    let rest = wrong.count > 3 ? "; and \(wrong.count - 3) more tensors" : ""
    return "weights that are not finite, or variances below zero: \(named)\(rest)"
  }
}

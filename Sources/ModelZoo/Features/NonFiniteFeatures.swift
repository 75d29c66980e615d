public import Tensors

extension Backbone {
  /// The tensors with values that trained weights do not have, of those that were read until now: all that are used, once
  /// features have been computed.
  public var unusualTensors: [TensorFinding] { archive.unusualTensors }

  /// What a user should know before trusting results that were computed, in one sentence; nil for nothing.
  ///
  /// Kernels take an activation that is not a number for zero in places, so that weights that are not finite may show in no
  /// result: they are named whether or not a result is finite.
  ///
  /// - Parameters:
  ///   - nonFinite: how many of the results hold a value that is not finite.
  ///   - count: how many results there are.
  public func warning(nonFinite: Int, of count: Int) -> String? {
    let results =
      nonFinite == 0 ? nil : "\(nonFinite) of \(count) results hold values that are not finite"
    let parts = [results, unusualTensors.warning].compactMap(\.self)
    return parts.isEmpty ? nil : "\(identifier): " + parts.joined(separator: "; ")
  }
}

extension Prediction {
  /// Whether every probability is a number; otherwise there is no most likely class.
  public var isFinite: Bool { scores.allSatisfy(\.probability.isFinite) }
}

import Encoding
public import Tensors
import Training

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

extension FeatureSet {
  /// Refuses features where so many rows hold a value that is not finite: nothing can be learnt from them or measured on them.
  func refuse(nonFinite rows: Int) throws(TrainingError) {
    guard rows > 0 else { return }
    throw .setting(
      name: "features", expected: "finite numbers",
      found: "\(rows.grouped) of \(counted(count, "row")) with others in \(path)")
  }
}

extension Span<Float> {
  /// In how many of the rows, which are of one length, a value is not finite.
  func nonFiniteCount(rows: Int) -> Int {
    guard rows > 0 else { return 0 }
    let width = count / rows
    return (0..<rows).count { row in (row * width..<(row + 1) * width).contains { !self[$0].isFinite } }
  }
}

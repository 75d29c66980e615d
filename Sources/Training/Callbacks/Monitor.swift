import Encoding
import Tensors

/// Whether a lower or a higher metric is better.
public enum MonitorMode: String, Hashable, Sendable, CaseIterable, Codable {
  /// By its name: lower is better for a loss or an error, higher for accuracy, precision, recall, F1 and AUC.
  case automatic = "auto"
  /// Lower is better.
  case minimum = "min"
  /// Higher is better.
  case maximum = "max"
}

/// A measured number that is watched for improvement: Keras's `MonitorCallback`.
package struct Monitor: Hashable, Sendable, Codable {
  /// A key of ``History``.
  package let name: String
  private let rises: Bool
  private let minimumChange: Double

  package init(_ name: String, mode: MonitorMode, minimumChange: Double = 0) {
    self.name = name
    rises = mode == .automatic ? Self.rises(name) : mode == .maximum
    self.minimumChange = abs(minimumChange)
  }

  private static func rises(_ name: String) -> Bool {
    let known = ["accuracy", "acc", "precision", "recall", "f1", "auc", "auroc"]
    let words = name.lowercased().split(separator: "_")
    return !words.contains("loss") && words.contains { known.contains(String($0)) }
  }

  /// Whether `value` is better than `reference` by more than the least change; anything is better than
  /// nothing. Compared in single precision, as Keras does.
  package func isBetter(_ value: Double, than reference: Double?) -> Bool {
    guard let reference else { return true }
    return rises
      ? Float(value - minimumChange) > Float(reference) : Float(value + minimumChange) < Float(reference)
  }

  /// Refuses, before the work, a number that no epoch of `plan` will measure.
  package func check(_ plan: TrainingPlan) throws(TrainingError) {
    if name.hasPrefix("val_"), plan.validationSamples == 0 {
      throw .setting(
        name: "monitor", expected: "a metric that needs no validation data, such as loss",
        found: "\(name); give validation data, or monitor another metric")
    }
    let names = plan.names
    guard !Logs.contains(name, in: names) else { return }
    let nearest = Encoding.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
    throw .setting(
      name: "monitor", expected: "one of " + names.joined(separator: ", "), found: name + nearest)
  }
}

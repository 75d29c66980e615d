/// Which way a measured number is better.
public enum MonitorMode: String, Hashable, Sendable, CaseIterable, Codable {
  /// By its name: a loss or an error shall fall; accuracy, precision, recall, F1 and AUC shall rise.
  case automatic = "auto"
  /// It shall fall.
  case minimum = "min"
  /// It shall rise.
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
    guard name.hasPrefix("val_"), plan.validationSamples == 0 else { return }
    throw .setting(
      name: "monitor", expected: "a number measured without validation data, such as loss",
      found: "\(name); give validation data or another name")
  }

  /// The number in `logs`; nil in an epoch without validation.
  package func value(in logs: Logs) throws(TrainingError) -> Double? {
    if let value = logs[name] { return value }
    let names = logs.entries.map(\.name)
    guard !name.hasPrefix("val_") || names.contains(where: { $0.hasPrefix("val_") }) else { return nil }
    throw .setting(
      name: "monitor", expected: "one of " + names.joined(separator: ", "), found: name)
  }
}

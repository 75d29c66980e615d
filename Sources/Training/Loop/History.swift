/// What one epoch, or one evaluation, measured, in the order it is printed: `accuracy`, `loss`, `val_accuracy`,
/// `val_loss`; by name within either, as Keras 3 has it.
public struct Logs: Hashable, Sendable, Codable {
  /// One measured number.
  public struct Entry: Hashable, Sendable, Codable {
    /// Keras's name: `val_loss`.
    public var name: String
    /// The mean over all samples.
    public var value: Double
  }

  /// The numbers in printing order.
  public private(set) var entries: [Entry] = []

  package init(_ entries: [(String, Double)] = []) {
    self.entries = entries.map { Entry(name: $0.0, value: $0.1) }
  }

  /// The number called `name`, or nil. Keras's old names `acc` and `val_acc` work too.
  public subscript(name: String) -> Double? {
    let today = Self.today(name)
    return entries.first { $0.name == name || $0.name == today }?.value
  }

  /// The name that Keras 3 has for what older ones called `acc` and `val_acc`.
  package static func today(_ name: String) -> String {
    name == "acc" ? "accuracy" : name == "val_acc" ? "val_accuracy" : name
  }

  /// The names of what an epoch measures, in printing order.
  package static func names(_ metrics: [Metric], validates: Bool) -> [String] {
    let names = (["loss"] + metrics.map(\.name)).sorted()
    return names + (validates ? names.map { "val_" + $0 } : [])
  }

  /// Adds a number at the end.
  mutating func append(_ name: String, _ value: Double) { entries.append(Entry(name: name, value: value)) }

  /// Adds all numbers of a validation, as `val_…`.
  mutating func append(validation: Logs) {
    for entry in validation.entries { append("val_" + entry.name, entry.value) }
  }
}

/// What every epoch of a training measured.
public struct History: Hashable, Sendable {
  /// One a finished epoch.
  public private(set) var epochs: [Logs] = []

  /// Makes a history of nothing.
  public init() {}

  init(_ epochs: [Logs]) { self.epochs = epochs }

  /// The names of what was measured, in printing order.
  public var keys: [String] { epochs.first?.entries.map(\.name) ?? [] }

  /// The values of `key` (`loss`, `accuracy`, `val_loss`, `val_accuracy`), one an epoch; empty when it was not
  /// measured. Keras's old names `acc` and `val_acc` work too.
  public subscript(key: String) -> [Double] { epochs.compactMap { $0[key] } }

  mutating func append(_ logs: Logs) { epochs.append(logs) }
}

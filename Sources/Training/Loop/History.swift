/// The metrics of one epoch, or of one evaluation, in the order in which they are printed: `accuracy`, `loss`,
/// `val_accuracy`, `val_loss`; by name within either, as Keras 3 has it.
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

  /// The number called `name`, or nil. `acc` and `accuracy` find each other, and so do `val_acc` and `val_accuracy`.
  public subscript(name: String) -> Double? {
    (entries.first { $0.name == name } ?? entries.first { Self.areAlike($0.name, name) })?.value
  }

  /// Whether `names` have what is called `name`, be it as Keras 1 and 2 called it or as Keras 3 does.
  package static func contains(_ name: String, in names: [String]) -> Bool {
    names.contains { areAlike($0, name) }
  }

  private static func areAlike(_ name: String, _ other: String) -> Bool { today(name) == today(other) }

  /// The name that Keras 3 has for what older ones called `acc` and `val_acc`.
  private static func today(_ name: String) -> String {
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

/// The metrics of every epoch of a training.
public struct History: Hashable, Sendable {
  /// One per finished epoch.
  public private(set) var epochs: [Logs] = []
  /// The epoch, from 0, whose head was restored at the end; nil where the head is that of the last one.
  public package(set) var restoredEpoch: Int?

  /// Makes a history of nothing.
  public init() {}

  init(_ epochs: [Logs], restoredEpoch: Int? = nil) {
    self.epochs = epochs
    self.restoredEpoch = restoredEpoch == epochs.count - 1 ? nil : restoredEpoch
  }

  /// The metrics of the epoch that the trained head is of; nil without epochs.
  public var final: Logs? { restoredEpoch.map { epochs[$0] } ?? epochs.last }

  /// The names of the metrics, in printing order.
  public var keys: [String] { epochs.first?.entries.map(\.name) ?? [] }

  /// The values of `key` (`loss`, `accuracy`, `val_loss`, `val_accuracy`), one an epoch; empty when it was not
  /// measured. `acc` and `accuracy` find each other, and so do `val_acc` and `val_accuracy`.
  public subscript(key: String) -> [Double] { epochs.compactMap { $0[key] } }

  mutating func append(_ logs: Logs) { epochs.append(logs) }
}

extension History {
  /// The history as JSON, `{"loss":[…],"val_accuracy":[…]}`; equal histories give equal text.
  public var json: String {
    get throws {
      let columns = Dictionary(uniqueKeysWithValues: keys.map { ($0, self[$0]) })
      return try ExactJSON.text(columns)
    }
  }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``TrainingError`` when the JSON is not a history's.
  public init(json: String) throws(TrainingError) {
    guard let columns = try? ExactJSON.value([String: [Double]].self, json) else {
      throw TrainingError.malformedHistory(reason: "expected lists of numbers by name")
    }
    self.init()
    let count = columns.values.first?.count ?? 0
    for (name, values) in columns where values.count != count {
      throw TrainingError.malformedHistory(
        reason: "expected \(count) epochs of \(name), found \(values.count)")
    }
    let names = columns.keys.sorted { Self.rank($0) < Self.rank($1) }
    for epoch in 0..<count {
      append(Logs(names.compactMap { name in columns[name].map { (name, $0[epoch]) } }))
    }
  }

  /// Printing order: training before validation, the learning rate last.
  private static func rank(_ name: String) -> (Int, String) {
    (name == "learning_rate" ? 2 : name.hasPrefix("val_") ? 1 : 0, name)
  }
}

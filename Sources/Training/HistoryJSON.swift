import Foundation

extension History {
  /// The history as JSON, `{"loss":[…],"val_accuracy":[…]}`; equal histories give equal text.
  public var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
      let columns = Dictionary(uniqueKeysWithValues: keys.map { ($0, self[$0]) })
      return String(decoding: try encoder.encode(columns), as: UTF8.self)
    }
  }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``TrainingError`` when the JSON is not a history's.
  public init(json: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let columns = try? decoder.decode([String: [Double]].self, from: Data(json.utf8)) else {
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

  /// Printing order: training before validation, loss before the metrics, the learning rate last.
  private static func rank(_ name: String) -> (Int, Int, String) {
    let part = name == "learning_rate" ? 2 : name.hasPrefix("val_") ? 1 : 0
    return (part, name.hasSuffix("loss") ? 0 : 1, name)
  }
}

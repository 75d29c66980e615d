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

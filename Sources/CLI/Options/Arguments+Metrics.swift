import ModelZoo

extension Arguments {
  /// What `--metrics` names; accuracy where it is not given.
  var metrics: [Metric] {
    get throws {
      guard let names = self[Common.metrics] else { return [.accuracy] }
      return try UsageError.inOption("--metrics") {
        try names.split(separator: ",").map { try Metric(named: $0.filter { $0 != " " }) }
      }
    }
  }
}

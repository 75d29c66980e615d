import ModelZoo
import Reports

/// How verbs report values that trained weights do not normally have.
enum TensorFindingView {
  /// How many values are subnormal, where any are; what is worse is a warning.
  static func line(_ findings: [TensorFinding]) -> String? {
    let subnormal = findings.filter { $0.values.subnormal > 0 }
    guard !subnormal.isEmpty else { return nil }
    let values = counted(subnormal.reduce(0) { $0 + $1.values.subnormal }, "subnormal value")
    return "\(values) in \(counted(subnormal.count, "tensor"))"
  }

  static func json(_ findings: [TensorFinding]) -> JSON {
    .array(
      findings.map { finding in
        [
          "name": .string(finding.tensor), "values": .integer(finding.valueCount),
          "nan": .integer(finding.values.nan), "infinite": .integer(finding.values.infinite),
          "negative": .integer(finding.values.negative), "subnormal": .integer(finding.values.subnormal),
        ]
      })
  }
}

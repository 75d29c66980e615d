import Encoding
package import Reports
package import Training

extension ClassReport {
  /// The heads of ``rows(_:)``.
  package static let columns =
    [Table.Column("class")] + ["precision", "recall", "F1", "images"].map { Table.Column($0, .trailing) }

  /// A row a class, and the means over classes and over images.
  package func rows(_ labels: [String]) -> [[String]] {
    let named =
      zip(labels, classes).map { (name: $0, row: $1) }
      + [(name: "mean over classes", row: macroAverage), (name: "mean over images", row: weightedAverage)]
    return named.map { name, row in
      [name] + [row.precision, row.recall, row.f1].map(metric) + [row.support.grouped]
    }
  }
}

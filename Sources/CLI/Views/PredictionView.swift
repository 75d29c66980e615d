import ModelZoo
import Reports

/// Prints predictions one by one, as they are made.
final class PredictionView {
  /// How they are printed.
  enum Format { case table, csv, json }

  private let format: Format
  private let top: Int
  private let console: Console
  private var table = Table([])
  /// The folder that all images lie in, where the table has to fit a terminal; empty for none.
  private var folder = ""
  /// How many were printed.
  private(set) var count = 0
  /// How many of them hold a value that is not finite.
  private(set) var nonFiniteCount = 0

  /// - Parameter top: how many classes to show of each image.
  init(_ format: Format, top: Int, _ console: Console) {
    (self.format, self.top, self.console) = (format, top, console)
  }

  /// Makes room for predictions of `images`, of classes called `labels`; prints nothing yet.
  func begin(_ labels: [String], _ images: Dataset) {
    guard format == .table else { return }
    let ranks = min(top, labels.count)
    let columns = (1...max(1, ranks)).flatMap { [Table.Column("\($0)."), Table.Column("", .trailing)] }
    table = Table([Table.Column("image")] + columns)
    for label in labels {
      table.makeRoom(for: [""] + (0..<ranks).flatMap { _ in [label, Self.percent(1)] })
    }
    let names = images.items.map(\.name)
    if console.tableWidth != nil { folder = Self.commonFolder(of: names) }
    for name in names { table.makeRoom(for: [String(name.dropFirst(folder.count))]) }
    table = table.fitting(console.tableWidth)
  }

  /// Prints what comes before the first prediction: not before there is one, so that a failure comes alone.
  private func printHeadings() {
    switch format {
    case .json: console.write("[\n")
    case .csv: console.write(CSV.record(["file", "label", "probability", "rank"]))
    case .table:
      if !folder.isEmpty { console.print("in \(folder)") }
      console.print(table)
    }
  }

  /// What all names begin with, up to a slash: said once it need not stand in every line. Empty for one name.
  private static func commonFolder(of names: [String]) -> String {
    guard names.count > 1,
      var common = names.first?.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    else { return "" }
    for name in names {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      common = common.prefix(zip(common, parts).prefix { $0 == $1 }.count)
    }
    return common.isEmpty ? "" : common.joined(separator: "/") + "/"
  }

  /// Prints one.
  func show(_ prediction: Prediction) {
    let scores = prediction.scores.prefix(top)
    if count == 0 { printHeadings() }
    switch format {
    case .json:
      if count > 0 { console.write(",\n") }
      console.write(Self.element(prediction, scores))
    case .csv:
      for (rank, score) in scores.enumerated() {
        console.write(
          CSV.record([prediction.file, score.label, "\(score.probability)", String(rank + 1)]))
      }
    case .table:
      let cells = scores.flatMap { [$0.label, Self.percent($0.probability)] }
      console.print(table.line([String(prediction.file.dropFirst(folder.count))] + cells))
    }
    count += 1
    if !prediction.isFinite { nonFiniteCount += 1 }
  }

  /// Prints what comes after the last.
  func end() {
    if format == .json { console.print(count == 0 ? "[]" : "\n]") }
  }

  private static func percent(_ probability: Float) -> String {
    fixed(Double(probability) * 100, decimals: 2) + " %"
  }

  /// A member of the array that JSON is printed as.
  private static func element(_ prediction: Prediction, _ scores: ArraySlice<Prediction.Score>) -> String {
    let top = scores.map { ["label": .string($0.label), "probability": JSON($0.probability)] as JSON }
    let json: JSON = [
      "file": .string(prediction.file), "label": .string(prediction.label), "top": .array(top),
    ]
    return String(JSON.array([json]).pretty.dropFirst(2).dropLast(2))
  }
}

import Encoding
import Files
import Foundation
import Reports
import TensorArchive

/// An HTML report of a comparison of backbones: accuracy against time, all numbers, and how they were measured.
///
/// ```swift
/// try ChoiceReport(on: choice).write(to: "choice.html")
/// ```
public struct ChoiceReport: Sendable {
  /// The comparison.
  public let choice: BackboneChoice
  /// The command line that trains a head on the backbone of choice; nil for none.
  public var command: String?

  /// A report on a comparison.
  public init(on choice: BackboneChoice, command: String? = nil) {
    (self.choice, self.command) = (choice, command)
  }

  /// The page: one HTML file without scripts that needs no other file.
  public func html() -> String { page.html() }

  /// Writes the page; whatever happens, `path` names the old file or the whole new one.
  ///
  /// - Throws: `FileError` when it cannot be written.
  public func write(to path: String) throws { try AtomicFile.write(html(), to: path) }
}

extension ChoiceReport {
  private var page: Page {
    let typed =
      command.map {
        [
          Page.Block.paragraph(
            "This command trains such a head on all of these images; measure it on others:"),
          .code($0),
        ]
      } ?? []
    let training = [Page.Block.facts(facts)] + typed
    let skipped = choice.skipped.map { [$0.path, $0.error.description] }
    let left =
      skipped.isEmpty
      ? []
      : [
        Page.Section(
          "Images that could not be read",
          [.table([Table.Column("file"), Table.Column("why")], rows: Array(skipped.prefix(50)))])
      ]
    return Page(
      .choice, title: "Which backbone?", subtitle: choice.verdict + ".", tiles: tiles,
      sections: [
        Page.Section("Accuracy against time", [.grid([.plot(plot), .column(training)])]),
        Page.Section(
          "All numbers", [.table(BackboneChoice.columns, rows: choice.rows), .paragraph(choice.method)]),
      ] + left, footer: "Written by \(Release.producer).")
  }

  private var facts: [(name: String, value: String)] {
    let tied = choice.tied
    return [
      (
        "best",
        "\(choice.best.archive), \(BackboneChoice.percent(choice.best.accuracy)) ± \(BackboneChoice.percent(choice.best.standardError))"
      ),
      (
        "as good as the best",
        tied.count == 1 ? "none" : tied.dropFirst().map(\.archive).joined(separator: ", ")
      ),
      ("the cheapest of these", choice.cheapest.archive),
    ]
  }

  private var tiles: [Page.Tile] {
    let (best, cheapest) = (choice.best, choice.cheapest)
    return [
      Page.Tile(
        BackboneChoice.percent(best.accuracy),
        "best accuracy, ± \(BackboneChoice.percent(best.standardError))"),
      Page.Tile(name(cheapest), choice.tied.count > 1 ? "the cheapest that is as good" : "the best"),
      Page.Tile(fixed(cheapest.millisecondsPerImage, decimals: 1) + " ms", "an image with it"),
      Page.Tile(
        choice.imageCount.grouped,
        "images of \(counted(choice.classes.count, "class", plural: "classes"))"),
    ]
  }

  /// Accuracy against milliseconds.
  var plot: Drawing {
    let tied = Set(choice.tied.map(\.archive))
    let choices = choice.candidates.map { candidate in
      TradeOffPlot.Choice(
        name(candidate), cost: candidate.millisecondsPerImage, worth: candidate.accuracy * 100,
        error: candidate.standardError * 100, isGood: tied.contains(candidate.archive))
    }
    let threshold = (choice.best.accuracy - choice.best.standardError) * 100
    return TradeOffPlot(
      title: "Above the dashed line: as good as the best",
      xLabel: "milliseconds per image, one at a time", yLabel: "accuracy, %", choices: choices,
      threshold: threshold
    ).drawing(width: 560, height: 340)
  }

  /// The network, or the file where several are of one network.
  private func name(_ candidate: BackboneChoice.Candidate) -> String {
    let isAlone = choice.candidates.count { $0.identifier == candidate.identifier } == 1
    return isAlone ? candidate.identifier : URL(fileURLWithPath: candidate.archive).lastPathComponent
  }
}

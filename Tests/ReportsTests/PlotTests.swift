import Foundation
import Reports
import TestSupport
import Testing

/// One drawing of every kind, with everything in it that needs care.
enum SampleDrawings {
  static let hostile = "</text><script>alert('1')</script> & \"cats\" \u{202E}gpj"

  static let curves = LinePlot(
    title: "loss", xLabel: "epoch",
    series: [
      LinePlot.Series("training", [1.2, 0.7, .nan, 0.31, 0.25, 0.22]),
      LinePlot.Series("validation", [1.1, 0.8, 0.6, 0.55, 0.56, 0.57], isDashed: true),
    ], milestone: LinePlot.Milestone(4, "best epoch")
  ).drawing(width: 320, height: 200)

  static let bars = BarPlot(
    title: "images", series: ["training", "validation"],
    groups: [BarPlot.Group("cats", [160, 40]), BarPlot.Group(hostile, [0, 1204])]
  ).drawing(width: 320)

  static let confusion = ConfusionPlot(
    title: "confusion", classes: ["cats", "dogs", "a very long name"],
    counts: [[38, 2, 0], [3, 37, 0], [0, 1, 1204]]
  ).drawing()

  private static let places = (0..<24).map { (index: Int) -> Point in
    Point(Double(index * 7 % 13) / 3, Double(index * 5 % 11) * 40)
  }

  static let scatter = ScatterPlot(
    title: "features", xLabel: "first", yLabel: "second", points: places + [Point(.nan, 1)],
    labels: (0..<25).map { $0 % 12 }, classes: (0..<12).map { "class \($0)" }
  ).drawing(width: 360, height: 300)

  static let tradeOff = TradeOffPlot(
    title: "accuracy and cost", xLabel: "milliseconds", yLabel: "accuracy, %",
    choices: [
      TradeOffPlot.Choice("small", cost: 0.8, worth: 88, error: 1.5, isGood: false),
      TradeOffPlot.Choice("as good", cost: 11, worth: 94.5, error: 0.8, isGood: true),
      TradeOffPlot.Choice(hostile, cost: 12, worth: 94.6, error: 1, isGood: true),
      TradeOffPlot.Choice("no number", cost: .nan, worth: 90, error: 1, isGood: false),
    ], threshold: 93.6
  ).drawing(width: 480, height: 300)

  static let all: [(String, Drawing)] = [
    ("curves", curves), ("bars", bars), ("confusion", confusion), ("scatter", scatter),
    ("trade-off", tradeOff),
  ]
}

@Suite struct PlotTests {
  /// Every plot is a file under `Tests/Fixtures/plots` to be looked at; `UPDATE_GOLDEN=1` writes them anew.
  @Test(arguments: SampleDrawings.all.map(\.0))
  func drawingsAreAsReviewed(name: String) throws {
    let drawing = try #require(SampleDrawings.all.first { $0.0 == name }?.1)
    let path = Repository.fixture("plots/\(name).svg")
    let text = drawing.svg()
    if Repository.updatesGoldenFiles { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test(arguments: SampleDrawings.all.map(\.0))
  func drawingsAreWellFormed(name: String) throws {
    let drawing = try #require(SampleDrawings.all.first { $0.0 == name }?.1)
    try WellFormedness.check(drawing.svg())
    try WellFormedness.check(drawing.svgElement())
    #expect(!drawing.svg().contains("<script"))
    #expect(!drawing.svg().contains("nan"))
  }

  @Test func aGapIsNotBridged() {
    let paths = SampleDrawings.curves.marks.compactMap { mark -> Int? in
      if case .path(let points, .series(0), 2, _) = mark { points.count } else { nil }
    }
    #expect(paths == [2, 3])
  }

  @Test func oneEpochIsADot() {
    let plot = LinePlot(title: "loss", xLabel: "epoch", series: [LinePlot.Series("training", [0.5])])
    let dots = plot.drawing().marks.count { if case .dot = $0 { true } else { false } }
    #expect(dots == 1)
  }

  @Test func nothingIsDrawnOfNothing() throws {
    let empty = [
      LinePlot(title: "a", xLabel: "b", series: []).drawing(),
      LinePlot(title: "a", xLabel: "b", series: [LinePlot.Series("c", [.infinity])]).drawing(),
      BarPlot(title: "a", series: [], groups: []).drawing(),
      ConfusionPlot(title: "a", classes: [], counts: []).drawing(),
      ScatterPlot(title: "a", xLabel: "b", yLabel: "c", points: []).drawing(),
      TradeOffPlot(title: "a", xLabel: "b", yLabel: "c", choices: []).drawing(),
      ScatterPlot(title: "a", xLabel: "b", yLabel: "c", points: [Point(2, 2)]).drawing(),
    ]
    for drawing in empty {
      try WellFormedness.check(drawing.svg())
    }
  }

  @Test func marksStayInside() {
    for (name, drawing) in SampleDrawings.all {
      for mark in drawing.marks {
        let points: [Point] =
          switch mark {
          case .path(let points, _, _, _), .area(let points, _, _): points
          case .dot(let center, _, _, _), .text(_, let center, _): [center]
          }
        for point in points {
          let isInside = 0...drawing.width ~= point.x && 0...drawing.height ~= point.y
          #expect(isInside, "\(name): \(mark)")
        }
      }
    }
  }
}

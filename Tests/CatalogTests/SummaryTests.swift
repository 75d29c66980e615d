import Catalog
import Foundation
import TestSupport
import Testing

/// Compared line by line with what Keras prints (`Tests/Fixtures/summaries/make.py`).
@Suite struct SummaryTests {
  @Test(arguments: ["resnet50", "vgg16", "xception", "inception_v3"], Summary.Style.keras)
  func printsWhatKerasPrints(entry: String, style: Summary.Style) throws {
    let lines = try summary(of: entry).lines(style)
    try expectEqual(lines, "\(entry).\(style.rawValue).txt")
  }

  @Test func breaksAndCutsLikeKerasOnANarrowTerminal() throws {
    try expectEqual(try summary(of: "xception").lines(.keras3, columns: 80), "xception.keras3_80.txt")
  }

  @Test(arguments: Summary.Style.keras)
  func leavesExtentsOpen(style: Summary.Style) throws {
    let graph = try EntryCatalog.embedded.entry("vgg16").graph()
    let summary = try Summary(graph, modelName: "vgg16", height: nil, width: nil)
    try expectEqual(summary.lines(style), "vgg16_open.\(style.rawValue).txt")
  }

  @Test(arguments: Summary.Style.keras)
  func countsAHeadOnAFrozenBackbone(style: Summary.Style) throws {
    let backbone = try EntryCatalog.embedded.entry("resnet50").graph()
    var graph = backbone
    graph.layers += [
      Layer(name: "pool", operation: GlobalAveragePooling2D(), inputs: ["conv5_block3_out"]),
      Layer(name: "classes", operation: Dense { $0.units = 2 }, inputs: ["pool"]),
    ]
    let frozen = Set(backbone.layers.map(\.name))
    let summary = try Summary(graph, modelName: "cats_and_dogs", height: 224, width: 224, frozen: frozen)
    #expect(summary.counts.total == 23_591_810)
    #expect(summary.counts.trainable == 4_098)
    #expect(summary.counts.nonTrainable == 23_587_712)
    let expected = try lines(of: "resnet50_head.\(style.rawValue).txt")
    #expect(Array(summary.lines(style).suffix(expected.count)) == expected)
  }

  private func summary(of identifier: String) throws -> Summary {
    let entry = try EntryCatalog.embedded.entry(identifier)
    let size = entry.defaultSize
    return try Summary(
      try entry.graph(), modelName: entry.kerasName, height: size.height, width: size.width)
  }

  private func expectEqual(_ lines: [String], _ fixture: String) throws {
    let expected = try self.lines(of: fixture)
    #expect(lines.count == expected.count)
    for (index, (line, wanted)) in zip(lines, expected).enumerated() where line != wanted {
      Issue.record("\(fixture):\(index + 1): expected\n\(wanted)\nfound\n\(line)")
      break
    }
  }

  private func lines(of fixture: String) throws -> [String] {
    let text = try String(contentsOfFile: Repository.fixture("summaries/\(fixture)"), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}

extension Summary.Style {
  /// The styles that are Keras's.
  static let keras: [Summary.Style] = [.keras3, .keras2]
}

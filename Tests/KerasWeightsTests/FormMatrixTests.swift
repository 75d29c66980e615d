import Foundation
import KerasWeights
import TestSupport
import Testing
import WeightConversion

/// The table of `converters/README.md`: filled by reading every file, and held to what stands there.
@Suite struct FormMatrixTests {
  private static let rows = [
    (model: "kinds", title: "every class of layer that owns weights"),
    (model: "nested", title: "models inside models"),
    (model: "classifier", title: "a network of the catalog in a classifier"),
  ]
  private static let forms = ["keras", "weights.h5", "h5"]
  /// What Keras has written of late alone, with the first version that does, and which model it is tested with.
  private static let sharded = (form: "weights.json", since: "3.10", model: "nested", file: "sharded")

  private static func file(_ model: String, _ version: String, _ form: String) throws -> String {
    let name = "\(model)-\(version).\(form)"
    let names = [name, "\(name).gz"].filter {
      FileManager.default.fileExists(atPath: KerasFormTests.path($0))
    }
    return try #require(names.first)
  }

  /// `yes` where every tensor is found by the name of its layer from the file alone.
  private static func cell(_ model: String, _ version: String, _ form: String) throws -> String {
    let file = try file(model, version, form)
    let owners = try KerasFormTests.owners(of: model)
    func isRead(_ architecture: String?) -> Bool {
      guard let source = try? KerasWeights.open(KerasFormTests.path(file), architecture: architecture),
        let differences = try? KerasFormTests.differences(source, owners)
      else { return false }
      return differences.isEmpty
    }
    if isRead(nil) { return "yes" }
    if model == "classifier", let found = try? KerasFormTests.tensors(of: file),
      try found == KerasFormTests.tensors(of: "backbone.h5")
    {
      return "by shapes"
    }
    return isRead(try KerasFormTests.text("\(model).json")) ? "told the model" : "no"
  }

  private static func table() throws -> String {
    let versions = KerasFormTests.versions
    var lines = [
      "| form | network | " + versions.map { "Keras \($0)" }.joined(separator: " | ") + " |",
      "| --- | --- |" + versions.map { _ in " --- |" }.joined(),
    ]
    for form in forms {
      for row in rows {
        lines.append(line(form, row.title, try versions.map { try cell(row.model, $0, form) }))
      }
    }
    let title = rows.first { $0.model == sharded.model }?.title ?? ""
    return (lines + [line(sharded.form, title, try versions.map(shardedCell))]).joined(separator: "\n")
  }

  private static func line(_ form: String, _ title: String, _ cells: [String]) -> String {
    "| `.\(form)` | \(title) | " + cells.joined(separator: " | ") + " |"
  }

  /// Whether the shards are read; no version before the first writes any.
  private static func shardedCell(_ version: String) throws -> String {
    func number(_ version: String) -> [Int] { version.split(separator: ".").compactMap { Int($0) } }
    guard !number(version).lexicographicallyPrecedes(number(sharded.since)) else {
      return "written since \(sharded.since)"
    }
    let source = try KerasWeights.open(KerasFormTests.path("\(sharded.file).\(sharded.form)"))
    return try KerasFormTests.differences(source, KerasFormTests.owners(of: sharded.model)).isEmpty
      ? "yes" : "no"
  }

  /// A file that is not read at all would have to be explained below the table.
  @Test func everyCellIsRead() throws { #expect(try !Self.table().contains("| no |")) }

  @Test func theTableIsWhatTheFilesShow() throws {
    let (start, end) = ("<!-- matrix: written by FormMatrixTests -->\n", "\n<!-- end of matrix -->")
    let url = Repository.root.appending(path: "converters/README.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let first = try #require(text.range(of: start)?.upperBound)
    let last = try #require(text.range(of: end)?.lowerBound)
    let table = try Self.table()
    if Repository.updatesGoldenFiles {
      try text.replacingCharacters(in: first..<last, with: table).write(
        to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(String(text[first..<last]) == table)
    }
  }
}

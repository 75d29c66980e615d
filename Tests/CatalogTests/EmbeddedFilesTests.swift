import Catalog
import Foundation
import TestSupport
import Testing

/// The files under `zoo/` and what was built of them.
@Suite struct EmbeddedFilesTests {
  private let folder = Repository.root.appending(path: "zoo").path

  /// `catalog.c` is what `make catalog` writes: each file of the folders twice, where it is embedded and in the list.
  @Test func theSourceIsUpToDate() throws {
    try withCopy { copy in
      let kept = try lines(of: Repository.root)
      try writeCatalog(copy)
      let wanted = try lines(of: copy)
      let missing = wanted.filter { !kept.contains($0) }
      let stale = kept.filter { !wanted.contains($0) }
      #expect(
        kept == wanted, "run `make catalog`; missing: \(missing.joined()), too many: \(stale.joined())")
    }
  }

  /// An entry is a folder and nothing else: no other file names it.
  @Test func aNewFolderIsEmbedded() throws {
    try withCopy { copy in
      try writeCatalog(copy)
      let before = try lines(of: copy)
      let entry = copy.appending(path: "zoo/my-net/weights")
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: entry.appending(path: "v1.0.json"))
      try writeCatalog(copy)
      let added = try lines(of: copy).filter { !before.contains($0) }
      #expect(
        added == [
          "static const unsigned char my_net_weights_v1_0[] = {",
          "#embed \"../../zoo/my-net/weights/v1.0.json\"",
          "    {\"my-net/weights/v1.0.json\", my_net_weights_v1_0, sizeof my_net_weights_v1_0},",
        ])
    }
    let package = try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
    for identifier in EntryCatalog.embedded.identifiers { #expect(!package.contains(identifier)) }
  }

  /// Lends a copy of the folders and of the source made from them.
  private func withCopy(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { copy in
      let source = copy.appending(path: "Sources/CCatalog")
      try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: URL(filePath: folder), to: copy.appending(path: "zoo"))
      try body(copy)
    }
  }

  /// Does what `make catalog` does in another folder.
  private func writeCatalog(_ root: URL) throws {
    let script = Process()
    script.executableURL = URL(filePath: "/bin/sh")
    script.arguments = [Repository.root.appending(path: ".ci/catalog").path, root.path]
    try script.run()
    script.waitUntilExit()
    #expect(script.terminationStatus == 0)
  }

  private func lines(of root: URL) throws -> [String] {
    try String(contentsOf: root.appending(path: "Sources/CCatalog/catalog.c"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  /// What was compiled in is what the folders hold.
  @Test func theBuildHoldsTheFilesAsTheyAre() throws {
    let catalog = try EntryCatalog(folder: folder)
    #expect(catalog.identifiers == EntryCatalog.embedded.identifiers)
    for identifier in catalog.identifiers {
      #expect(try catalog.entry(identifier).json == EntryCatalog.embedded.entry(identifier).json)
      #expect(catalog.weightFiles(of: identifier) == EntryCatalog.embedded.weightFiles(of: identifier))
    }
  }

  /// The catalog's README names every entry, and no other.
  @Test func theReadmeNamesEveryEntry() throws {
    let text = try String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)
    let start = try #require(text.range(of: "| family | entries |")).upperBound
    let table = text[start...].prefix(while: { $0 != "#" }).split(separator: "\n").prefix {
      $0.hasPrefix("|")
    }
    let named = table.flatMap { $0.matches(of: /`([a-z0-9_.]+)`/).map { String($0.1) } }
    #expect(named.sorted() == EntryCatalog.embedded.identifiers)
  }

  /// The shapes that recognition looks at ahead of the entries are theirs.
  @Test func theShapesAreUpToDate() throws {
    let path = "\(folder)/shapes.txt"
    let text = try EntryCatalog.embedded.shapesText()
    if Repository.updatesGoldenFiles { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    let kept = try String(contentsOfFile: path, encoding: .utf8)
    #expect(kept == text, "rewrite with UPDATE_GOLDEN=1, then run `make catalog`")
    let catalog = try EntryCatalog(folder: folder)
    for identifier in catalog.identifiers {
      #expect(
        try EntryCatalog.embedded.shapes(of: identifier) == catalog.shapes(of: identifier), "\(identifier)")
    }
  }

  @Test(arguments: EntryCatalog.embedded.identifiers)
  func theSummaryIsUpToDate(identifier: String) throws {
    let path = "\(folder)/\(identifier)/summary.txt"
    let text = try EntryCatalog.embedded.entry(identifier).summaryFile
    if Repository.updatesGoldenFiles { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    let kept = try String(contentsOfFile: path, encoding: .utf8)
    #expect(kept == text, "rewrite with UPDATE_GOLDEN=1")
  }
}

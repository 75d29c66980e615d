import Catalog
import Foundation
import TestSupport
import Testing

/// The files under `zoo/` and what was built of them.
@Suite struct EmbeddedFilesTests {
  private let folder = Repository.root.appending(path: "zoo").path

  /// `catalog.c` names each file of the folders twice, where it is embedded and in the list, and no other.
  @Test func theSourceListsExactlyTheFiles() throws {
    let source = try String(contentsOfFile: folder + "/catalog.c", encoding: .utf8)
    let embedded = source.matches(of: #/#embed "(.*)"/#).map { String($0.1) }
    let listed = source.matches(of: #/\{"(.*)", \w+, sizeof \w+\}/#).map { String($0.1) }
    let files = try jsonFiles()
    #expect(embedded == files)
    #expect(listed == files)
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

  @Test func everyFolderIsExcludedFromTheTarget() throws {
    let package = try String(
      contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
    for identifier in try EntryCatalog(folder: folder).identifiers {
      #expect(package.contains("\"\(identifier)\""), "Package.swift does not exclude zoo/\(identifier)")
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

  /// `model.json` and `weights/*.json` of every folder, sorted.
  private func jsonFiles() throws -> [String] {
    let manager = FileManager.default
    let all = try #require(manager.enumerator(atPath: folder)).compactMap { $0 as? String }
    return all.filter { $0.hasSuffix(".json") }.sorted()
  }
}

import Foundation
import TestSupport
import Testing

@Suite struct LayoutTests {
  @Test func theTopHoldsOnlyWhatBelongsThere() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Repository.root.path)
    let strange = Set(names.filter { !Repository.isKeptByTools($0) }).subtracting(Rules.topLevel)
    #expect(strange.isEmpty, "\(strange.sorted())")
    #expect(Rules.topLevel.subtracting(names).isEmpty)
  }

  /// A path that exists on one machine only has no place in a repository, not even in a fixture's bytes.
  @Test func nothingNamesAMachine() {
    let pattern = #"(?<![\w.~/-])/(home|Users|root|mnt|srv|work|opt)/\w"#
    for file in Repository.files() {
      let match = file.text.range(of: pattern, options: .regularExpression)
      let found = match.map { String(file.text[$0.lowerBound...].prefix(40)) }
      #expect(found == nil, "\(file): \(found ?? "")")
    }
  }

  @Test func everyFixtureIsSmall() {
    let total = Repository.files(in: "Tests/Fixtures").reduce(0) { $0 + $1.text.utf8.count }
    #expect(total < 16 << 20, "\(total) bytes")
  }
}

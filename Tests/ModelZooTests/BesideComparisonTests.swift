import Foundation
import ModelZoo
import TestSupport
import Testing

/// What files hold besides their weights is compared too, and named.
@Suite struct BesideComparisonTests {
  private let catalog: NetworkCatalog

  init() throws { catalog = try NetworkCatalog() }

  private func compare(_ first: String, _ second: String) throws -> WeightComparison {
    try catalog.compare(
      Repository.fixture("comparison/\(first)"), with: Repository.fixture("comparison/\(second)"),
      options: ComparisonOptions(comparesFeatures: false))
  }

  @Test(arguments: [
    ("nested", "pth", ["['extra']['v']"], "['extra']['v']"),
    ("list", "pth", ["['history'][0]", "['history'][1]"], "['history'][1]"),
    ("head", "pth", ["['head']['w']"], "['head']['w']"),
    ("keys", "pth", ["[1]"], "[1]"),
    ("dots", "pth", ["['a']['b']"], "['a']['b']"),
    ("averaged", "pth", ["['state_dict']['w']"], "['state_dict']['w']"),
    ("stray", "h5", ["/stray/kernel:0"], "/stray/kernel:0"),
  ])
  func tensorsBesideWeightsAreCompared(
    name: String, ending: String, beside: [String], differing: String
  ) throws {
    let found = try compare("\(name)_a.\(ending)", "\(name)_b.\(ending)")
    #expect(found.first.leftAside == beside && found.second.leftAside == beside)
    #expect(!found.isEqual && found.differingTensors.map(\.name) == [differing])
    #expect(found.summary.contains("beside the weights"))
    let same = try compare("\(name)_a.\(ending)", "\(name)_a.\(ending)")
    #expect(same.isEqual && same.tensors.count == 1 + beside.count)
    #expect(same.summary.contains("beside the weights"))
  }

  @Test func whichWeightsAreMeantIsSaid() throws {
    let found = try compare("averaged_a.pth", "averaged_b.pth")
    let sentence = "the weights are those under 'state_dict_ema'; those under 'state_dict' are left aside"
    #expect(found.first.notes == [sentence] && found.second.notes == [sentence])
  }

  @Test func whatHoldsItselfEnds() throws {
    let found = try compare("loop.pth", "loop.pth")
    #expect(found.isEqual && found.first.leftAside.isEmpty && found.tensors.count == 1)
  }

  @Test func twoTensorsOfOneNameAreAnError() throws {
    #expect {
      _ = try compare("twice.pth", "loop.pth")
    } throws: { error in
      "\(error)".contains("two tensors of one name") && (error as? any ZooError)?.family == .unsupported
    }
  }

  /// Nothing is equal that was not read.
  @Test func whatCannotBeReadIsSaid() throws {
    let found = try compare("unread.h5", "unread.h5")
    #expect(found.first.unread == ["/remark"] && !found.isEqual && found.tensors.allSatisfy(\.isEqual))
    #expect(found.summary.contains("a part alone was compared"))
  }
}

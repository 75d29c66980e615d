import CLI
import Foundation
import TestSupport
import Testing

/// `zoo diff`, as a user types it.
@Suite struct DiffTests {
  private static let first = Repository.fixture("comparison/first.npz")
  private static let second = Repository.fixture("comparison/second.npz")

  @Test func exitCodesAreDiffs() {
    let equal = Outcome(["diff", Self.first, Self.first, "--quiet"])
    #expect(equal.code == .success && equal.code.rawValue == 0 && equal.errors == "")
    #expect(equal.output.contains("\nequal: all 21 tensors have the same values, 1,731"))
    let different = Outcome(["diff", Self.first, Self.second, "--quiet"])
    #expect(different.code == .different && different.code.rawValue == 1 && different.errors == "")
    #expect(Outcome(["diff", Self.first, "nowhere", "--quiet"]).code == .missing)
    #expect(Outcome(["diff", Self.first, Repository.fixture("comparison/make.py"), "--quiet"]).code == .data)
    #expect(Outcome(["diff", Self.first]).code == .usage)
    for text in ["-1", "x", "1,2,3", "1e-5,", "inf", "nan", ""] {
      #expect(Outcome(["diff", Self.first, Self.first, "--tolerance=\(text)"]).code == .usage, "\(text)")
    }
  }

  @Test func aShortListIsTheDefault() {
    let lines = Outcome(["diff", Self.first, Self.second, "--quiet"]).output.split(separator: "\n")
    #expect(
      lines[0] == "A: \(Self.first): weights of NumPy, a zip archive of arrays, 21 tensors, 1,731 values")
    #expect(lines[2].hasPrefix("different: 19 of 22 tensors differ (5 with other values, 3 renamed, "))
    #expect(lines.last == "and 8 more (--all lists every tensor)" && lines.count == 5 + 11 + 1)
    let all = Outcome(["diff", Self.first, Self.second, "--all", "--quiet"]).output
    #expect(all.split(separator: "\n").count == 5 + 22 && all.contains("equal; 1 NaN in both"))
    let close = Outcome(["diff", Self.first, Self.second, "--tolerance", "0,1e-5", "--all", "--quiet"]).output
    #expect(
      close.split(separator: "\n").contains {
        $0.hasPrefix("close/kernel") && $0.contains("within the tolerance")
      })
  }

  @Test func whyFeaturesWereNotComparedIsSaid() {
    let outcome = Outcome(["diff", Self.first, Self.second])
    #expect(outcome.errors.contains("features were not compared: \(Self.first): "))
    #expect(!Outcome(["diff", Self.first, Self.second, "--no-features"]).errors.contains("features"))
  }

  @Test func machinesGetJSON() throws {
    let outcome = Outcome(["diff", Self.first, Self.second, "--json", "--quiet"])
    #expect(outcome.code == .different)
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["equal"] as? Bool == false)
    let tensors = try #require(json["tensors"] as? [[String: Any]])
    #expect(tensors.count == 19)
    let flipped = try #require(tensors.first { $0["name"] as? String == "theano/kernel" })
    #expect(flipped["finding"] as? String == "rearranged" && flipped["axes"] as? [Int] == [3, 2, 0, 1])
    #expect(flipped["flipped"] as? [Int] == [0, 1])
  }

  /// What a conversion would leave aside is said, to people and to machines.
  @Test func whatIsBesideTheWeightsIsNamed() throws {
    let files = ["a", "b"].map { Repository.fixture("comparison/averaged_\($0).pth") }
    let outcome = Outcome(["diff"] + files + ["--quiet"])
    #expect(outcome.code == .different)
    let note = "the weights are those under 'state_dict_ema'; those under 'state_dict' are left aside"
    #expect(outcome.output.contains("\n  - \(note)\n"))
    #expect(outcome.output.contains("compared like all others: 1 (['state_dict']['w'])"))
    let text = Outcome(["diff"] + files + ["--json", "--quiet"]).output
    let json = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let first = try #require(json["first"] as? [String: Any])
    #expect(first["notes"] as? [String] == [note])
    #expect(first["leftAside"] as? [String] == ["['state_dict']['w']"])
  }

  /// Colour as everywhere else: on a terminal that can show it, and where nobody objects.
  @Test func onlyTerminalsGetColours() {
    let words = ["diff", Self.first, Self.second, "--quiet"]
    #expect(Outcome(words, isTerminal: true).output.contains("\u{1B}[1;31mdifferent: "))
    #expect(!Outcome(words, isTerminal: true, environment: ["NO_COLOR": "1"]).output.contains("\u{1B}"))
    #expect(!Outcome(words).output.contains("\u{1B}"))
  }
}

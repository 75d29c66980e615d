import Encoding
import Testing

@Suite struct SuggestionTests {
  static let verbs = ["list", "summary", "inspect", "convert", "verify", "features", "train", "predict"]

  @Test(arguments: [
    ("sumary", "summary"), ("sumamry", "summary"), ("SUMMARY", "summary"), ("ls", "list"),
    ("feat", "features"), ("covnert", "convert"), ("verfy", "verify"), ("trian", "train"),
  ])
  func findsWhatWasMeant(typed: String, expected: String) {
    #expect(nearest(to: typed, in: Self.verbs) == expected)
  }

  @Test(arguments: ["", "x", "V", "remove", "zzzzzz"])
  func saysNothingWhenNothingIsNear(typed: String) {
    #expect(nearest(to: typed, in: Self.verbs) == nil)
  }

  @Test func ignoresEndlessWords() {
    let endless = String(repeating: "a", count: 100_000)
    #expect(nearest(to: endless, in: Self.verbs + [endless]) == nil)
  }

  @Test func firstOfEquallyNearWins() {
    #expect(nearest(to: "conv3", in: ["conv1", "conv2"]) == "conv1")
  }

  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("kitten", "sitting", 3),
    ("ab", "ba", 1), ("flaw", "lawn", 2), ("ca", "abc", 3),
  ])
  func countsEdits(source: String, target: String, expected: Int) {
    #expect(editDistance(Array(source), Array(target)) == expected)
  }
}

import Reports
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ("", 0), ("conv1", 5), ("naïve", 5), ("nai\u{308}ve", 5), ("猫", 2), ("犬と猫", 6), ("👍", 2), ("❤️", 2),
    ("👩‍👩‍👧", 2), ("ｆ", 2), ("…", 1), ("a\u{200B}b", 2),
  ])
  func countsColumns(text: String, expected: Int) { #expect(displayWidth(of: text) == expected) }

  @Test func wrapsAtBlanks() {
    #expect(wrapped("the quick brown fox", width: 10) == ["the quick", "brown fox"])
    #expect(wrapped("the  quick", width: 80) == ["the quick"])
    #expect(wrapped("extraordinarily long", width: 4) == ["extraordinarily", "long"])
    #expect(wrapped("one\n\n  two three", width: 7) == ["one", "", "  two", "  three"])
    #expect(wrapped("", width: 10) == [""])
    #expect(wrapped("犬 猫 鳥", width: 5) == ["犬 猫", "鳥"])
  }

  @Test func stylesAreNoPartOfWhatIsSaid() {
    let text = StyledText("error:", .bold, .red) + " here" + StyledText("", .bold)
    #expect(text.plain == "error: here")
    #expect(text.terminalText { $0 } == "\u{1B}[1;31merror:\u{1B}[0m here")
    #expect(text.terminalText { $0.replacing("e", with: "E") } == "\u{1B}[1;31mError:\u{1B}[0m hErE")
    #expect([StyledText("a"), StyledText("b", .bold)].joined(separator: "-").plain == "a-b")
    #expect([StyledText]().joined(separator: "-").plain == "")
  }
}

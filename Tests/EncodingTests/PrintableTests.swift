import Encoding
import Testing

@Suite struct PrintableTests {
  @Test(arguments: [
    ("plain, größer, 日本, 👩‍👧", "plain, größer, 日本, 👩‍👧"), ("\u{1B}[31mred", #"\u{1B}[31mred"#),
    ("a\r\nb\tc", #"a\u{D}\u{A}b\u{9}c"#), ("\u{9B}2J\u{7F}\u{0}", #"\u{9B}2J\u{7F}\u{0}"#),
    ("gpj.\u{202E}cat\u{2066}\u{200F}\u{61C}", #"gpj.\u{202E}cat\u{2066}\u{200F}\u{61C}"#),
    ("line\u{2028}end", #"line\u{2028}end"#),
  ])
  func commandsStandAsText(text: String, expected: String) {
    #expect(text.printable == expected)
  }

  @Test func keepsWhatItIsToldTo() {
    #expect("a\nb\u{7}".printable(keeping: ["\n"]) == "a\nb\\u{7}")
  }

  /// The same value to whoever reads it.
  @Test func textInJSONStaysTheSame() {
    #expect("{\"a\": \"\u{9B}\u{202E}é\"}\n".printableJSON == "{\"a\": \"\\u009b\\u202eé\"}\n")
  }
}

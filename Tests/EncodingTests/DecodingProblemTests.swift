import Encoding
import Foundation
import Testing

/// What is wrong with a JSON text, in words for whoever wrote it: what was expected, what was found, and where.
@Suite struct DecodingProblemTests {
  private struct Document: Decodable {
    enum Word: String, Decodable { case yes, no }
    struct Part: Decodable { var numbers: [Float] }
    var count: Int
    var word: Word
    var part: Part
  }

  @Test(arguments: [
    (#"{"word": "yes", "part": {"numbers": []}}"#, #"the key "count" is missing"#),
    (
      #"{"count": "1", "word": "yes", "part": {"numbers": []}}"#,
      "count: count: expected a whole number, found a string"
    ),
    (
      #"{"count": 1, "word": "maybe", "part": {"numbers": []}}"#,
      "word: expected a word that is known here, found 'maybe'"
    ),
    (
      #"{"count": 1, "word": "no", "part": {"numbers": [0, 1e39]}}"#,
      "expected numbers of single precision, found one beyond them"
    ),
    (
      #"{"count": 1, "word": "no", "part": {"numbers": 3}}"#,
      "part.numbers: numbers: expected a list, found number"
    ),
  ])
  func saysWhereAndWhat(json: String, sentence: String) throws {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Document.self, from: Data(json.utf8))
    }
    #expect(DecodingProblem(try #require(error), in: json).sentence == sentence)
  }
}

/// Texts are counted before memory is taken for their values.
@Suite struct JSONBudgetTests {
  @Test(arguments: [
    ("", 0), ("1", 0), ("[1, 2]", 2), (#"{"a": [1, {}]}"#, 5), (#"["a,b:[{", "\"", ","]"#, 3),
    (#"["\\", 1]"#, 2),
  ])
  func countsWhatStandsOutsideStrings(text: String, count: Int) {
    #expect(JSONBudget.valueCount(of: Array(text.utf8)) == count)
  }

  @Test func refusesManyValuesInFewBytes() {
    let many = "[" + String(repeating: "1,", count: 300_000) + "1]"
    #expect(
      JSONBudget.problem(with: many)
        == "expected at most 280,894 values and names in so many bytes, found 300,001")
    #expect(JSONBudget.problem(with: many, bytesPerValue: 8) == nil)
    #expect(JSONBudget.problem(with: "[" + String(repeating: "1,", count: 200_000) + "1]") == nil)
    let defect = #expect(throws: DelimitedText.Defect.self) {
      try DelimitedText.records(of: "a\n" + String(repeating: ",", count: 65_536))
    }
    #expect(defect?.line == 2 && defect?.reason == "expected at most 65,536 fields, found more")
  }
}

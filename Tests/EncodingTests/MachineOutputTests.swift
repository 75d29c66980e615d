import Encoding
import Foundation
import Testing

@Suite struct MachineOutputTests {
  @Test(arguments: [
    (["a", "b"], "a,b\r\n"), ([], "\r\n"), ([""], "\r\n"), (["a,b", "c"], "\"a,b\",c\r\n"),
    (["say \"hi\""], "\"say \"\"hi\"\"\"\r\n"), (["two\nlines"], "\"two\nlines\"\r\n"),
    (["two\r\nlines"], "\"two\r\nlines\"\r\n"), (["naïve 猫"], "naïve 猫\r\n"),
  ])
  func recordsFollowTheStandard(fields: [String], expected: String) {
    #expect(CSV.record(fields) == expected)
  }

  static let sample: JSON = [
    "name": "conv1", "shape": [7, 7, 3, 64], "trainable": true, "rate": 0.001, "parent": nil,
    "layers": [["name": "a"], ["name": "b"]], "empty": [], "nothing": [:],
  ]

  @Test func compactIsOneLineInTheOrderGiven() {
    #expect(
      Self.sample.compact == #"{"name":"conv1","shape":[7,7,3,64],"trainable":true,"rate":0.001,"#
        + #""parent":null,"layers":[{"name":"a"},{"name":"b"}],"empty":[],"nothing":{}}"#)
  }

  @Test func prettyHasAMemberALine() {
    #expect(
      Self.sample.pretty == """
        {
          "name": "conv1",
          "shape": [7, 7, 3, 64],
          "trainable": true,
          "rate": 0.001,
          "parent": null,
          "layers": [
            {
              "name": "a"
            },
            {
              "name": "b"
            }
          ],
          "empty": [],
          "nothing": {}
        }
        """)
  }

  /// Foundation's reader is the judge of what we write.
  @Test(arguments: [
    "plain", "quote \" and \\ backslash", "line\nbreak\r\n\ttab", "\u{0}\u{1F}\u{7F}", "猫 👩‍👩‍👧 \u{2028}", "/",
  ])
  func stringsComeBack(text: String) throws {
    let json: JSON = [JSON.string(text)]
    for written in [json.compact, json.pretty] {
      #expect(try JSONDecoder().decode([String].self, from: Data(written.utf8)) == [text])
    }
  }

  @Test func numbersComeBack() throws {
    let numbers = [
      0, -0.0, 1e-7, 0.1, 1.0 / 3, .leastNonzeroMagnitude, 1.7976931348623157e308, 123_456_789_012,
    ]
    let written = JSON.array(numbers.map(JSON.number)).compact
    #expect(try JSONDecoder().decode([Double].self, from: Data(written.utf8)) == numbers)
    #expect(JSON.integer(.min).compact == "-9223372036854775808")
    #expect(JSON(Float(0.1)).compact == "0.1")
    #expect(JSON.array([.number(.nan), .number(-.infinity)]).compact == "[null,null]")
    #expect(JSON(nil as Int?).compact == "null")
    #expect(JSON(nil as String?).compact == "null")
  }
}

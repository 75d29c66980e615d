import Encoding
import Foundation
import Testing

/// Names that are no text, in JSON as Python's `json` writes and reads them.
@Suite struct JSONBytesTests {
  private func read(_ literal: String) throws -> String {
    try JSONDecoder().decode(String.self, from: Data(JSONBytes.unescaped(literal).utf8))
  }

  /// What `json.dumps(os.fsdecode(name))` writes.
  @Test(
    arguments: [
      ([0xFF], #""\udcff""#), ([0x61, 0xB9, 0x2E, 0x6A], #""a\udcb9.j""#),
      ([0x5C, 0xE9, 0x22], #""\\\udce9\"""#), ([0x0A, 0x80], #""\u000a\udc80""#),
    ] as [([UInt8], String)])
  func bytesAreHalvesOfCharacters(bytes: [UInt8], literal: String) throws {
    let name = FileName.text(of: bytes)
    #expect(String(decoding: JSONBytes.literal(name), as: UTF8.self) == literal)
    #expect(try FileName.bytes(of: read(literal)) == bytes)
    #expect(try FileName.bytes(of: read(literal.replacing("\\udc", with: "\\uDC"))) == bytes)
  }

  @Test(arguments: [
    #""a\ud83d\udcc4b""#, #""\\udcff""#, #""\\\\udcff""#, #""caf\u00e9 \n\"\/""#, #""\udc7""#, #""\udc00""#,
    #""\u""#, #""\"#, "", #"{"a": "plain"}"#,
  ]) func anythingElseStays(json: String) {
    #expect(JSONBytes.unescaped(json) == json)
  }

  @Test func everyNameComesBack() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        UInt8.random(in: 1...255, using: &generator)
      }
      let literal = JSONBytes.literal(FileName.text(of: bytes))
      #expect(String(validating: literal, as: UTF8.self) != nil)
      #expect(try FileName.bytes(of: read(String(decoding: literal, as: UTF8.self))) == bytes, "\(bytes)")
    }
  }
}

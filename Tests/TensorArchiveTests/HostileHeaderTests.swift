import Foundation
import TensorArchive
import TestSupport
import Testing

@Suite("Hostile headers")
struct HostileHeaderTests {
  /// A header, how many payload bytes follow it, and what the refusal must say.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let header: String
    var payload = 0
    let sentence: String

    var testDescription: String { name }
  }

  @Test("Values and names are counted before memory is taken for them")
  func manyValues() throws {
    let member = "\"\":\"\""
    let header =
      "{\"__metadata__\":{" + String(repeating: member + ",", count: 200_000) + member + "}}"
    try withTemporaryFolder { folder in
      guard
        case .overLimit(_, let what, let limit, let found) = RawFile.refusal(
          RawFile.bytes(header), in: folder)
      else {
        Issue.record("\(header.prefix(40))… is taken for good")
        return
      }
      #expect(
        what == "values and names in the header" && limit == 131_072 + header.utf8.count / 5
          && found == 400_004)
    }
  }

  @Test("However a header is laid out, it says the same")
  func layouts() throws {
    let fields = #""dtype":"F32","shape":[2,3],"data_offsets":[0,24]"#
    let metadata = #""__metadata__":{"a \"b\"":"c\\d\ne"}"#
    let layouts = [
      #"{\#(metadata),"tä":{\#(fields)}}"#,
      #"{\#(metadata),"tä":{\#(fields)}}   "#,
      #"{ "t\u00e4" : { "data_offsets" : [ 0 , 24 ] , "shape" : [ 2 , 3 ] , "dtype" : "F\u0033\u0032" } , \#(metadata) }"#,
      #"{\#(metadata.replacing("c", with: "\\u0063")),"tä":{\#(fields),"more":null}}"#,
    ]
    try withTemporaryFolder { folder in
      for layout in layouts {
        let archive = try RawFile.open(
          RawFile.bytes(layout, payload: [UInt8](repeating: 0, count: 24)), in: folder)
        #expect(archive.names == ["tä"], "\(layout)")
        #expect(archive.shape(of: "tä") == [2, 3], "\(layout)")
        #expect(archive.metadata == ["a \"b\"": "c\\d\ne"], "\(layout)")
      }
    }
  }

  private static func tensor(_ fields: String) -> String { "{\"t\":{\(fields)}}" }

  static let cases = [
    Case(name: "an array", header: "[]", sentence: "found 10 bytes of another kind"),
    Case(name: "cut JSON", header: "{\"t\":", sentence: "expected safetensors JSON"),
    Case(name: "text after the object", header: "{} x", sentence: "expected safetensors JSON"),
    Case(name: "two objects", header: "{}{}", sentence: "expected safetensors JSON"),
    Case(
      name: "NaN", header: tensor("\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,4]"), payload: 4,
      sentence: "expected safetensors JSON"),
    Case(
      name: "an infinite extent",
      header: tensor("\"dtype\":\"F32\",\"shape\":[1e999],\"data_offsets\":[0,4]"),
      payload: 4, sentence: "expected safetensors JSON"),
    Case(
      name: "half an element", header: tensor("\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,6]"),
      payload: 6, sentence: "expected safetensors JSON"),
    Case(
      name: "a boolean extent", header: tensor("\"dtype\":\"F32\",\"shape\":[true],\"data_offsets\":[0,4]"),
      payload: 4, sentence: "expected safetensors JSON"),
    Case(name: "a tensor without a type", header: tensor("\"shape\":[]"), sentence: "found no dtype"),
    Case(
      name: "a tensor without offsets", header: tensor("\"dtype\":\"F32\",\"shape\":[]"),
      sentence: "found no data_offsets"),
    Case(name: "a tensor that is a number", header: "{\"t\":1}", sentence: "expected safetensors JSON"),
    Case(name: "null for a tensor", header: "{\"t\":null}", sentence: "expected safetensors JSON"),
    Case(
      name: "a metadata number", header: "{\"__metadata__\":{\"a\":1}}",
      sentence: "__metadata__ a: not valid"),
    Case(
      name: "an unknown type", header: tensor("\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]"),
      payload: 1, sentence: "type F8_E4M3 are not supported"),
    Case(
      name: "a negative extent", header: tensor("\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]"),
      payload: 4, sentence: "found [-1]"),
    Case(
      name: "two negative extents",
      header: tensor("\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]"), payload: 4,
      sentence: "found [-1, -1]"),
    Case(
      name: "an extent beyond 64 bits",
      header: tensor("\"dtype\":\"F32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]"), payload: 4,
      sentence: "expected safetensors JSON"),
    Case(
      name: "an element count beyond 64 bits",
      header: tensor("\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]"),
      sentence: "a shape that fits the address space"),
    Case(
      name: "a byte count beyond 64 bits",
      header: tensor("\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]"),
      sentence: "a size that fits the address space"),
    Case(
      name: "a size that is not the shape's",
      header: tensor("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]"), payload: 4,
      sentence: "expected 8 bytes for F32 (2,), found 4"),
    Case(
      name: "offsets backwards", header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]"),
      payload: 4, sentence: "found [4, 0]"),
    Case(
      name: "a negative offset", header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]"),
      sentence: "found [-4, 0]"),
    Case(
      name: "one offset", header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]"), payload: 4,
      sentence: "expected data_offsets"),
    Case(
      name: "three offsets", header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]"),
      payload: 4, sentence: "expected data_offsets"),
    Case(
      name: "a hole ahead", header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]"),
      payload: 8, sentence: "expected a start at 0"),
    Case(
      name: "a hole behind", header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"),
      payload: 8, sentence: "the file has extra bytes at its end"),
    Case(
      name: "an overlap",
      header: """
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
        "b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}
        """, payload: 8, sentence: "b: not valid; expected a start at 8"),
    Case(
      name: "two tensors in one place",
      header: """
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}
        """, payload: 4, sentence: "b: not valid; expected a start at 4"),
    Case(
      name: "one name twice",
      header: """
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}
        """, payload: 8, sentence: "x.safetensors"),
    Case(
      name: "a tensor beyond the end",
      header: tensor("\"dtype\":\"F32\",\"shape\":[1000000],\"data_offsets\":[0,4000000]"), payload: 4,
      sentence: "the file is cut short; expected 4000"),
    Case(
      name: "17 axes",
      header: tensor("\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]"),
      payload: 1, sentence: "t: axes: above the limit; expected at most 16, found 17"),
    Case(
      name: "a very long name",
      header: "{\"\(String(repeating: "n", count: 1_025))\":"
        + "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
      payload: 1, sentence: "expected at most 1024, found 1025"),
    Case(
      name: "deep JSON", header: "{\"t\":" + String(repeating: "[", count: 100_000),
      sentence: "at most 4 levels of nesting"),
    Case(
      name: "a NUL", header: "{\"t\u{0}\":{}}", sentence: "found the control character 0"),
    Case(
      name: "too many tensors",
      header: "{" + (0...65_537).map { "\"\($0)\":{}" }.joined(separator: ",") + "}",
      sentence: "expected at most 65536, found 65538"),
    Case(
      name: "our metadata without a version", header: "{\"__metadata__\":{\"zoo.producer\":\"p\"}}",
      sentence: "zoo.format: not valid"),
    Case(
      name: "a version that is none", header: "{\"__metadata__\":{\"zoo.format\":\"1\"}}",
      sentence: "expected major.minor, found 1"),
    Case(
      name: "our metadata without a seal", header: "{\"__metadata__\":{\"zoo.format\":\"1.0\"}}",
      sentence: "zoo.archive.sha256: not valid"),
  ]

  @Test("Refused in words", arguments: cases)
  func refusal(_ hostile: Case) throws {
    try withTemporaryFolder { folder in
      let bytes = RawFile.bytes(hostile.header, payload: [UInt8](repeating: 1, count: hostile.payload))
      let refusal = try #require(RawFile.refusal(bytes, in: folder))
      #expect(refusal.description.contains(hostile.sentence), "\(refusal)")
    }
  }

  @Test(
    "A header length that cannot be is refused before anything is read",
    arguments: [0, 1, 3, 100, 16 << 20, 16 << 20 + 1, 100_000_000, Int.max, -1, Int.min])
  func length(_ length: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = RawFile.bytes(Array("{}".utf8), length: length)
      #expect(RawFile.refusal(bytes, in: folder)?.family == .malformed)
    }
  }

  @Test("Bytes that are not UTF-8 are refused")
  func notUTF8() throws {
    try withTemporaryFolder { folder in
      for wrong in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]] as [[UInt8]] {
        let header = Array("{\"__metadata__\":{\"a\":\"".utf8) + wrong + Array("\"}}".utf8)
        let refusal = RawFile.refusal(RawFile.bytes(header), in: folder)
        #expect(refusal?.description.contains("expected UTF-8") == true, "\(wrong)")
      }
    }
  }

  @Test(
    "Files of other kinds are named",
    arguments: [
      ("", "an empty file; the download never began; fetch the file again"),
      ("1234567", "a text that begins '1234567'"), ("\u{1}234567", "7 bytes of another kind"),
      ("PK\u{3}\u{4}1234567890", "a zip archive; unpack it first"),
      ("version https://git-lfs.github.com/spec/v1\noid", "a Git LFS pointer; run 'git lfs pull'"),
      (
        "<!DOCTYPE html><html></html>",
        "an HTML page; the address showed a page instead of the file; fetch the file itself"
      ),
      ("just some text in a file", "a text that begins 'just some text in a file'"),
    ])
  func otherFiles(content: String, finding: String) throws {
    try withTemporaryFolder { folder in
      let refusal = try #require(RawFile.refusal(Array(content.utf8), in: folder))
      #expect(refusal.description.hasSuffix("expected a safetensors header, found \(finding)"), "\(refusal)")
    }
  }

  @Test("What is unusual but allowed opens")
  func allowed() throws {
    try withTemporaryFolder { folder in
      let empty = try RawFile.open(RawFile.bytes("{}"), in: folder)
      #expect(empty.names.isEmpty && empty.manifest == nil)
      let spaced = "{ \"t\" :\n{\"shape\":[],\"extra\":[1],\"data_offsets\":[0,2],\"dtype\":\"BF16\"} }   "
      let archive = try RawFile.open(RawFile.bytes(spaced, payload: [0x80, 0x3F]), in: folder)
      #expect(try archive.tensor(named: "t").floats() == [1])
      let brackets = "{\"__metadata__\":{\"a\":\"[[[[[{{{{\\\"[[[\"}}"
      #expect(try RawFile.open(RawFile.bytes(brackets), in: folder).metadata["a"] == "[[[[[{{{{\"[[[")
    }
  }
}

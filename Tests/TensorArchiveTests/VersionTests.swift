import Foundation
import TensorArchive
import TestSupport
import Testing

@Suite("Format versions")
struct VersionTests {
  @Test("A newer major version is refused in words, whatever else it may say")
  func newerMajor() throws {
    try withTemporaryFolder { folder in
      let bytes = try RawFile.golden(replacing: "\"zoo.format\":\"1.0\"", with: "\"zoo.format\":\"2.0\"")
      let refusal = try #require(RawFile.refusal(bytes, in: folder))
      #expect(refusal.family == .unsupported)
      #expect(
        refusal.description.hasSuffix(
          "written in a newer format; expected major version 1 or older, found 2.0; update this program"))
      // No seal, an unknown type: still a matter of version.
      let strange = """
        {"__metadata__":{"zoo.format":"7.3"},"t":{"dtype":"NEW","shape":[],"data_offsets":[0,0]}}
        """
      guard case .newerVersion = RawFile.refusal(RawFile.bytes(strange), in: folder) else {
        Issue.record("version 7.3 was judged by the rules of version 1")
        return
      }
    }
  }

  @Test("What a newer minor version adds is ignored")
  func newerMinor() throws {
    try withTemporaryFolder { folder in
      let bytes = try RawFile.golden(
        replacing: "\"zoo.format\":\"1.0\"", with: "\"zoo.format\":\"1.7\",\"zoo.novelty\":\"?\"")
      let archive = try RawFile.open(bytes, in: folder)
      #expect(archive.manifest?.version == FormatVersion(major: 1, minor: 7))
      #expect(archive.manifest?.sections == Sample.manifest.sections)
      #expect(archive.metadata["zoo.novelty"] == "?")
      #expect(try archive.verify().isIntact)
    }
  }

  @Test(
    "A header changed without its seal is refused", arguments: ["A. Author", "keras-2", "pfel", "model-zoo"])
  func changedHeader(text: String) throws {
    try withTemporaryFolder { folder in
      let golden = try Data(contentsOf: URL(fileURLWithPath: GoldenArchiveTests.path))
      var bytes = [UInt8](golden)
      let place = try #require(golden.range(of: Data(text.utf8))).lowerBound
      bytes[place] ^= 0x02
      guard case .damagedHeader = RawFile.refusal(bytes, in: folder) else {
        Issue.record("\(text) could be changed")
        return
      }
    }
  }

  @Test(
    "Ill-formed strings under a good seal are refused",
    arguments: [
      ("2da29dc0 00000000", "2da29dc0", "zoo.crc32: not valid; expected 6 words"),
      ("2da29dc0 00000000", "2DA29DC0 00000000", "zoo.crc32"),
      ("\"zoo.producer\":", "\"zoo.product\":", "zoo.producer: not valid"),
      ("\\\"byteCount\\\":1234", "\\\"byteCount\\\":true", "zoo.source: not valid"),
      ("\"zoo.payload.sha256\":\"0c", "\"zoo.payload.sha256\":\"xx", "zoo.payload.sha256"),
    ])
  func illFormed(text: String, replacement: String, sentence: String) throws {
    try withTemporaryFolder { folder in
      let bytes = try RawFile.golden(replacing: text, with: replacement)
      let refusal = try #require(RawFile.refusal(bytes, in: folder))
      #expect(refusal.description.contains(sentence), "\(refusal)")
    }
  }

  @Test(
    "Version texts",
    arguments: ["", "1", "1.", ".1", "1.0.0", "01.0", "+1.0", "1.-0", "-1.0", "0.9", "1. 0", "a.b"])
  func notVersions(text: String) {
    #expect(FormatVersion(text) == nil)
    #expect(FormatVersion("12.34") == FormatVersion(major: 12, minor: 34))
  }
}

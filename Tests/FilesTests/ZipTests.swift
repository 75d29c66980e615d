import Encoding
import Files
import Foundation
import TestSupport
import Testing

/// Archives made by Python's `zipfile`, whose reading of them is the oracle.
@Suite struct ZipTests {
  struct Expected: Decodable, Equatable {
    let name: String
    let bytes: Int
    let packed: Int
    let sha256: String
  }

  private static let names = [
    "empty", "stored", "deflated", "commented", "unicode", "piped", "forced64", "all64", "behind_a_note",
  ]

  private static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: Repository.fixture("zip/\(name)"))))
  }

  private static func found(_ archive: ZipArchive) throws -> [Expected] {
    try archive.members.map { member in
      var digest = SHA256()
      try archive.forEachPiece(of: member) { piece in
        digest.update(piece)
        return true
      }
      let inMemory = try archive.contents(of: member, atMost: 2 << 20)
      #expect(inMemory.count == member.byteCount)
      let anywhere = try archive.bytes(of: member, atMost: 2 << 20)
      #expect(try anywhere.bytes(at: 0, count: anywhere.byteCount) == inMemory)
      return Expected(
        name: member.name, bytes: member.byteCount, packed: member.packedByteCount, sha256: digest.hexadecimal
      )
    }
  }

  @Test(arguments: names) func readsWhatPythonPacks(name: String) throws {
    let all = try JSONDecoder().decode(
      [String: [Expected]].self, from: Data(Self.bytes("expected.json")))
    let path = Repository.fixture("zip/\(name).zip")
    #expect(try Self.found(ZipArchive(FileBytes(path: path))) == all[name])
    let inMemory = FileBytes(try Self.bytes("\(name).zip"), name: "memory")
    #expect(try Self.found(ZipArchive(inMemory)) == all[name])
    let within = FileBytes([7, 7, 7] + (try Self.bytes("\(name).zip")) + [7], name: "outer")
    let part = try within.part(3..<within.byteCount - 1, name: "inner")
    #expect(try Self.found(ZipArchive(part)) == all[name])
  }

  @Test func findsMembersByName() throws {
    let archive = try ZipArchive(FileBytes(path: Repository.fixture("zip/stored.zip")))
    #expect(archive["folder/b"]?.byteCount == 700)
    #expect(archive["folder/"]?.isFolder == true)
    #expect(archive["b"] == nil)
  }

  /// Nobody is made to read on.
  @Test func stopsWhenTold() throws {
    let archive = try ZipArchive(FileBytes(path: Repository.fixture("zip/deflated.zip")))
    let member = try #require(archive["long"])
    var seen = 0
    try archive.forEachPiece(of: member) { piece in
      seen += piece.byteCount
      return false
    }
    #expect(seen > 0 && seen < member.byteCount)
  }

  @Test func unpacksNoMoreThanIsAsked() throws {
    let archive = try ZipArchive(FileBytes(path: Repository.fixture("zip/deflated.zip")))
    let member = try #require(archive["long"])
    let error = #expect(throws: FileError.self) { try archive.contents(of: member, atMost: 1_199_999) }
    guard case .overLimit(_, _, 1_199_999, 1_200_000) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Each by what is wrong with it; both sides are said.
  @Test(arguments: [
    ("encrypted", "encrypted: not supported"), ("bzip2", "packed by bzip2: not supported"),
    ("lzma", "packed by LZMA: not supported"),
    ("twice", "one member of this name was expected, there are two"),
    ("dotdot", "this one leads out of it"), ("dotdot_inside", "this one leads out of it"),
    ("backslashes", "this one leads out of it"), ("absolute", "this one leads out of it"),
    ("drive", "this one leads out of it"), ("zero_byte", "this is none that a file can have"),
    ("overlapping", "but what follows begins at byte"), ("same_bytes", "but what follows begins at byte"),
    ("ratio", "1,000,000,000 bytes by the directory's account"),
    ("unpacks_to_more", "100 bytes were expected, it unpacks to more"),
    ("unpacks_to_less", "of 100,001 bytes, found "), ("stored_lies", "7 bytes by the directory's account"),
    ("checksum", "expected CRC-32 00000007 of 1,160 bytes"), ("other_name", "found the name b.txt"),
    ("other_method", "found method 0 and flags 0"), ("other_size", "found 1,160 bytes"),
    ("cut", "without an end"), ("surplus", "with 4 bytes behind its end"), ("split", "a part of a split zip"),
    ("short_directory", "its directory ends at byte"), ("more_members", "members in so short a directory"),
    ("fewer_members", "1 member by its own account, but "), ("no_stream", "are no DEFLATE stream"),
  ])
  func refusesWhatMisleads(name: String, reason: String) throws {
    let all = try JSONDecoder().decode([String: String].self, from: Data(Self.bytes("misleading.json")))
    let digits = Array(try #require(all[name]).utf8)
    let bytes = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
    }
    let error = #expect(throws: FileError.self) {
      try Self.found(ZipArchive(FileBytes(bytes, name: "misleading.zip")))
    }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
  }

  /// Cut short anywhere, changed anywhere: an error, or the very same contents.
  @Test(arguments: ["stored", "commented", "piped", "all64"])
  func noChangeGoesUnnoticed(name: String) throws {
    let sweep = try Sweep(of: Self.bytes("\(name).zip"), sample: 3, maySayOtherwise: false) { bytes in
      let archive = try ZipArchive(FileBytes(bytes, name: "swept.zip"))
      return try archive.members.map { member in
        [Array(member.name.utf8), try archive.contents(of: member, atMost: 1 << 20)]
      }
    }
    #expect(sweep.different == 0 && sweep.errors > sweep.same)
  }

  /// Members of one gzip file are one file's contents; what follows them is damage.
  @Test func gzipMembersFollowOneAnother() throws {
    // gzip.compress(b"weights ", mtime=0) + gzip.compress(b"of two members", mtime=0), by Python.
    let packed: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0x4F, 0xCD, 0x4C, 0xCF, 0x28, 0x29,
      0x56, 0x00, 0x00,
      0xF0, 0xC4, 0xC6, 0x8C, 0x08, 0x00, 0x00, 0x00, 0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
      0x03, 0xCB, 0x4F,
      0x53, 0x28, 0x29, 0xCF, 0x57, 0xC8, 0x4D, 0xCD, 0x4D, 0x4A, 0x2D, 0x2A, 0x06, 0x00, 0x51, 0x02, 0xDB,
      0x45, 0x0E, 0x00,
      0x00, 0x00,
    ]
    let contents = try FileBytes(packed, name: "two.gz").gunzipped(atMost: 100)
    #expect(try contents.bytes(at: 0, count: contents.byteCount) == Array("weights of two members".utf8))
    #expect(throws: FileError.self) { try FileBytes(packed + [7], name: "two.gz").gunzipped(atMost: 100) }
    #expect(throws: FileError.self) { try FileBytes(packed, name: "two.gz").gunzipped(atMost: 21) }
  }

  /// What another program cuts short meanwhile is an error.
  @Test func toleratesFilesThatShrink() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "shrinks.zip")
      try Data(Self.bytes("stored.zip")).write(to: file)
      let archive = try ZipArchive(FileBytes(path: file.path))
      let member = try #require(archive["a.txt"])
      try FileHandle(forWritingTo: file).truncate(atOffset: 100)
      let error = #expect(throws: FileError.self) { try archive.verify(member) }
      #expect(error?.description.contains("was written to while it was in use") == true)
    }
  }
}

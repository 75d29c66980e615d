import Encoding
import Files
import Foundation
import TestSupport
import Testing

/// Archives made by Python's zipfile and tarfile, whose reading of them is the oracle.
@Suite struct PackedFilesTests {
  private struct Expected: Decodable { let archives: [String: [String: String]] }

  static let names = [
    "stored.zip", "deflated.zip", "ustar.tar", "gnu.tar", "pax.tar", "v7.tar", "wrapped.zip", "wrapped.tar",
    "parts.zip", "parts.tar", "shard.tar", "shard-json.tar", "twice.tar", "base256.tar", "special.tar",
  ]

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: Repository.fixture("packed/\(name)"))))
  }

  /// The files by their paths.
  private static func files(_ archive: PackedFiles, in folder: String = "") throws -> [(String, PackedMember)]
  {
    let contents = try #require(archive.contents(of: folder))
    let prefix = folder.isEmpty ? "" : folder + "/"
    return try contents.files.filter { !$0.member.isSpecial }.map { (prefix + $0.name, $0.member) }
      + contents.folders.flatMap { try files(archive, in: prefix + $0) }
  }

  static func digests(_ archive: PackedFiles) throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: files(archive).map { name, member in
        let contents = try member.contents()
        #expect(contents.count == member.byteCount)
        var digest = SHA256()
        contents.withRawSpan { digest.update($0) }
        return (name, digest.hexadecimal)
      })
  }

  @Test(arguments: names) func readsWhatPythonPacks(name: String) throws {
    let expected = try JSONDecoder().decode(Expected.self, from: Data(Self.bytes("expected.json")))
    let path = Repository.fixture("packed/\(name)")
    let found = try #require(try PackedFiles.find(path))
    #expect(found.inside.isEmpty && found.archive.path == path)
    #expect(try Self.digests(found.archive) == expected.archives[name])
    let inMemory = try PackedFiles(FileBytes(Self.bytes(name), name: "memory"))
    #expect(try Self.digests(inMemory) == expected.archives[name])
  }

  @Test func aPathLeadsIntoAnArchive() throws {
    let path = Repository.fixture("packed/gnu.tar")
    let found = try #require(try PackedFiles.find(path + "/cats//./im2.jpg"))
    #expect(found.inside == "cats/im2.jpg")
    let member = try #require(found.archive.member(at: found.inside))
    #expect(member.path == path + "/cats/im2.jpg")
    #expect(try member.kind() == .image(.jpeg))
    #expect(found.archive.hasFolder("cats/a-b") && !found.archive.hasFolder("cats/im2.jpg"))
    for absent in ["cats", "cats/im3.jpg", "im2.jpg", ""] {
      #expect(found.archive.member(at: absent) == nil, "\(absent)")
    }
    #expect(try PackedFiles.find(Repository.fixture("packed/make.py")) == nil)
    #expect(try PackedFiles.find(Repository.fixture("packed/nothing/here.jpg")) == nil)
    #expect(try PackedFiles.find(Repository.fixture("packed")) == nil)
    let again = try #require(try PackedFiles.find(path))
    #expect(again.archive === found.archive, "it is open already")
  }

  /// The file of that name is another one now.
  @Test func anArchiveThatWasReplacedIsOpenedAnew() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "a.tar")
      try Data(Packing.tar([(Array("a.txt".utf8), [1])])).write(to: file)
      let first = try #require(try PackedFiles.find(file.path)).archive
      let member = try #require(first.member(at: "a.txt"))
      try Data(Packing.tar([(Array("b.txt".utf8), [1, 2])])).write(to: file, options: .atomic)
      let second = try #require(try PackedFiles.find(file.path)).archive
      #expect(second.member(at: "b.txt")?.byteCount == 2 && second.member(at: "a.txt") == nil)
      #expect(try member.contents() == [1], "the old file is still open")
    }
  }

  @Test func whatIsWrittenToMeanwhileIsAnError() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "shrinks.tar")
      try Data(Packing.tar([(Array("a.txt".utf8), [UInt8](repeating: 7, count: 5000))])).write(to: file)
      let archive = try #require(try PackedFiles.find(file.path)).archive
      let member = try #require(archive.member(at: "a.txt"))
      try FileHandle(forWritingTo: file).truncate(atOffset: 1000)
      let error = #expect(throws: FileError.self) { try member.contents() }
      guard case .changed = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func linksAndDevicesAreKnownAndNotRead() throws {
    let archive = try PackedFiles(FileBytes(Self.bytes("special.tar"), name: "special.tar"))
    let members = try #require(archive.contents(of: "cats")).files.map(\.member)
    #expect(members.count { $0.isSpecial } == 7)
    #expect(archive.member(at: "cats/pax.png")?.isSpecial == true, "by its own name")
    for member in members where member.isSpecial {
      let error = #expect(throws: FileError.self) { try member.contents() }
      #expect(error?.description.contains("a link, a device or a sparse file: not supported") == true)
    }
  }

  /// Each by what is wrong with it; both sides are said.
  @Test(arguments: [
    ("checksum", "its checksum is not that of its bytes; expected"),
    ("no_end", "a block of zeros was expected at its end, but it ends at byte 1,024"),
    ("in_a_member", "misleading.tar/a.txt: 4 bytes from byte 512 on were expected"),
    ("in_a_header", "a block of zeros was expected at its end"),
    ("size_too_large", "1,073,741,824 bytes from byte 512 on were expected"),
    ("size_no_number", "has an impossible size"), ("size_below_zero", "has an impossible size"),
    ("size_endless", "has an impossible size"), ("dotdot", "this one leads out of it"),
    ("absolute", "this one leads out of it"), ("no_name", "this is none that a file can have"),
    ("long_name", "bytes of a header: at most 4,097"), ("pax_no_record", "its extended header"),
    ("pax_size", "999,999,999 bytes from byte"), ("pax_dotdot", "this one leads out of it"),
    ("pax_long", "bytes of a header: at most 1,048,576"),
    ("pax_for_all", "it gives all its members one path or one size"),
    ("joined", "bytes that follow the archive's end"), ("zeros", "a zip or tar archive was expected"),
    ("sparse_map", "within the map of a sparse file"),
  ])
  func refusesWhatMisleads(name: String, reason: String) throws {
    let all = try JSONDecoder().decode([String: String].self, from: Data(Self.bytes("misleading.json")))
    let digits = Array(try #require(all[name]).utf8)
    let packed = stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
    }
    let unpacked = try FileBytes(packed, name: name).gunzipped(atMost: 1 << 20)
    let bytes = FileBytes(try unpacked.bytes(at: 0, count: unpacked.byteCount), name: "misleading.tar")
    let error = #expect(throws: FileError.self) { try Self.digests(PackedFiles(bytes)) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
  }

  /// Thousands of folders in few bytes would take memory without end.
  @Test func foldersAreBounded() throws {
    let names = (0..<8).map { Array("\($0)/\(String(repeating: "a/", count: 2000))f".utf8) }
    for bytes in [Packing.zip(names.map { ($0, []) }), Packing.tar(names.map { ($0, []) })] {
      let error = #expect(throws: FileError.self) { try PackedFiles(FileBytes(bytes, name: "deep")) }
      guard case .overLimit("deep", "folders in an archive of its size", _, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    let one = try PackedFiles(FileBytes(Packing.tar([(names[0], [1])]), name: "deep"))
    #expect(one.member(at: String(decoding: names[0], as: UTF8.self))?.byteCount == 1)
  }

  /// Names are bytes; those that are not UTF-8 stay what they are.
  @Test func namesInAnyBytes() throws {
    let files: [Packing.File] = [
      (Array("cats/".utf8) + [0xE9, 0x2E, 0x6A], [1]), (Array("cats/é.j".utf8), [2]),
    ]
    for bytes in [Packing.zip(files), Packing.tar(files)] {
      let archive = try PackedFiles(FileBytes(bytes, name: "names"))
      let found = try #require(archive.contents(of: "cats")).files
      #expect(found.map(\.name.escapingBytes) == ["é.j", "\\xE9.j"])
      #expect(try found.map { try $0.member.contents() } == [[2], [1]])
    }
  }

  /// However a path is written, a zip archive has it once.
  @Test(arguments: ["./cats/0.jpg", "cats//0.jpg", "cats/./0.jpg", "cats/0.jpg"])
  func onePathWrittenTwice(other: String) throws {
    let bytes = Packing.zip([(Array("cats/0.jpg".utf8), [1]), (Array(other.utf8), [2])])
    let error = #expect(throws: FileError.self) { try PackedFiles(FileBytes(bytes, name: "twice.zip")) }
    let reason =
      other == "cats/0.jpg"
      ? "one member of this name was expected, there are two"
      : "one member of this path was expected, there are two; the other is called cats/0.jpg"
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    let single = try ZipArchive(FileBytes(Packing.zip([(Array(other.utf8), [2])]), name: "one.zip"))
    #expect(single[other]?.byteCount == 1 && single["cats"] == nil)
  }

  /// What tar writes of no files at all.
  @Test func zerosMayBeAnEmptyArchive() throws {
    var zeros = [UInt8](repeating: 0, count: 10_240)
    let archive = try PackedFiles(FileBytes(zeros, name: "empty.tar"))
    #expect(archive.contents(of: "")?.files.isEmpty == true)
    func kind(_ bytes: [UInt8]) -> FileKind {
      let facts = FileFacts(path: "empty.tar", byteCount: bytes.count) { offset, count in
        Array(bytes[offset..<offset + count])
      }
      return facts.kind
    }
    #expect(kind(zeros) == .container(.tar))
    #expect(kind(zeros + zeros) == .zeros)
    zeros[9000] = 1
    #expect(kind(zeros) == .zeros)
  }
}

import Files
import Foundation
import TensorArchive
import TestSupport
import Testing

/// An archive that another program writes to while it is open.
@Suite("Files that change while they are open")
struct ChangedFileTests {
  @Test("What was changed is never handed out or copied", arguments: [-1, -100, 100])
  func changedInPlace(offset: Int) throws {
    try withTemporaryFolder { folder in
      let (path, copy) = (folder.appending(path: "a.zoo").path, folder.appending(path: "b.zoo").path)
      try Sample.write(to: path)
      let archive = try Archive(contentsOf: path)
      // Verified once, and so no more looked at.
      for name in archive.names { _ = try archive.tensor(named: name) }
      try Self.flip(offset, of: path)
      #expect(throws: ArchiveError.self) {
        try ArchiveWriter.write(to: copy, manifest: Sample.manifest, copying: archive)
      }
      #expect(
        throws: ArchiveError.file(.changed(path: path, expected: archive.byteCount, found: archive.byteCount))
      ) {
        try archive.tensor(named: "conv/kernel")
      }
      #expect(!FileManager.default.fileExists(atPath: copy))
    }
  }

  @Test("Bytes that are gone are an error, not the end of the process", arguments: [0, 64, 1_500])
  func cutShort(count: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo").path
      try Sample.write(to: path)
      let archive = try Archive(contentsOf: path)
      try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(count))
      for name in archive.names {
        #expect(throws: ArchiveError.file(.changed(path: path, expected: archive.byteCount, found: count))) {
          try archive.tensor(named: name)
        }
      }
      let error = #expect(throws: ArchiveError.self) { try archive.verify() }
      #expect(error?.description.contains("was written to while it was in use") == true)
    }
  }

  @Test("A file that takes the place of an open one changes nothing")
  func replaced() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zoo").path
      try Sample.write(to: path)
      let archive = try Archive(contentsOf: path)
      let expected = try archive.names.map { try Sample.bytes(archive.tensor(named: $0)) }
      try AtomicFile.write("another", to: path)
      #expect(try archive.names.map { try Sample.bytes(archive.tensor(named: $0)) } == expected)
    }
  }

  /// Inverts a byte without a change of size; a negative offset counts from the end.
  private static func flip(_ offset: Int, of path: String) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    let place = offset < 0 ? UInt64(Int(try file.seekToEnd()) + offset) : UInt64(offset)
    try file.seek(toOffset: place)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: place)
    try file.write(contentsOf: Data([~byte]))
  }
}

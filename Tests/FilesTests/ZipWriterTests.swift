import Files
import Foundation
import TestSupport
import Testing

/// Zip archives that are written here are read here, and by Python's `zipfile`: `Tests/Parity/export_keras.py` opens some.
@Suite struct ZipWriterTests {
  private static func write(to path: String) throws {
    try AtomicFile.write(to: path) { sink in
      var archive = ZipWriter(sink)
      try archive.add("a.txt", Array("first".utf8))
      try archive.add("folder/é.bin", byteCount: 6, alignment: 64) { write in
        for part in [[1, 2, 3], [4, 5, 6] as [UInt8]] { try part.withRawSpan { try write($0) } }
      }
      try archive.add("none", [])
      try archive.finish()
    }
  }

  @Test func membersAreStoredWhereTheyAreWanted() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.zip").path
      try Self.write(to: path)
      let archive = try ZipArchive(FileBytes(path: path))
      #expect(archive.members.map(\.name) == ["a.txt", "folder/é.bin", "none"])
      let contents = try archive.members.map { try archive.contents(of: $0, atMost: 100) }
      #expect(contents == [Array("first".utf8), [1, 2, 3, 4, 5, 6], []])
      for member in archive.members { try archive.verify(member) }
      let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let place = data.indices.first { data[$0...].starts(with: [1, 2, 3, 4, 5, 6]) }
      #expect(place.map { $0 % 64 } == 0)
      let again = folder.appending(path: "b.zip").path
      try Self.write(to: again)
      #expect(FileManager.default.contentsEqual(atPath: path, andPath: again))
    }
  }
}

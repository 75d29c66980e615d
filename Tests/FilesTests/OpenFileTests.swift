import Files
import Foundation
import TestSupport
import Testing

/// Files of which there are more than a process may have open.
@Suite struct OpenFileTests {
  @Test func manyFilesAreReadAgainAndAgain() throws {
    try withTemporaryFolder { folder in
      // More than are kept open at a time, whatever the system's limit.
      let files = try (0..<600).map { number in
        let url = folder.appending(path: "\(number)")
        try Data("\(number)".utf8).write(to: url)
        return try FileBytes(path: url.path, keepsOpen: false)
      }
      for _ in 0..<2 {
        for (number, file) in files.enumerated().reversed() {
          #expect(try String(decoding: file.head(file.byteCount), as: UTF8.self) == "\(number)")
          try file.requireUnchanged()
        }
      }
    }
  }

  /// What is at the path later is not read as what was opened; the file that is kept open stays what it was.
  @Test func anotherFileAtThePathIsAnError() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "first").path
      try Data("first".utf8).write(to: URL(fileURLWithPath: path))
      let kept = try FileBytes(path: path)
      let files = try (0..<600).map { _ in try FileBytes(path: path, keepsOpen: false) }
      let other = folder.appending(path: "other")
      try Data("other".utf8).write(to: other)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.moveItem(atPath: other.path, toPath: path)
      #expect(throws: FileError.changed(path: path, expected: 5, found: 5)) { try files[0].head(5) }
      try FileManager.default.removeItem(atPath: path)
      let gone = #expect(throws: FileError.self) { try files[0].head(5) }
      #expect(gone?.isOfSystem == true && gone?.family == .missing)
      #expect(try kept.head(5) == Array("first".utf8))
    }
  }

  /// As some programs leave an archive without members, and as tar does.
  @Test(arguments: [(1024, true), (10_240, true), (512, false), (2048, false)])
  func zerosMayBeAnArchive(count: Int, isArchive: Bool) throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "a.tar").path
      try Data(count: count).write(to: URL(fileURLWithPath: path))
      #expect(try PackedFiles.isArchive(path) == isArchive)
      #expect(try (FileFacts(path: path).kind == .container(.tar)) == isArchive)
      let archive = try PackedFiles.find(path)?.archive
      #expect(archive.map { $0.contents(of: "")?.files.isEmpty == true } ?? !isArchive)
    }
  }
}

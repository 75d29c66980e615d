import Files
import Foundation
import TestSupport
import Testing

@Suite("Writing files")
struct AtomicFileTests {
  private struct Interruption: Error {}

  @Test("Each way of writing replaces the whole file and leaves nothing else")
  func forms() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      try AtomicFile.write("first, and longer than what follows", to: path)
      try AtomicFile.write("one", to: path)
      #expect(try text(path) == "one")
      try AtomicFile.write(to: path) { sink in
        try sink.write("____ or ")
        try sink.write("more")
        try Array("four".utf8).withRawSpan { try sink.overwrite($0, at: 0) }
        try sink.write("!")
      }
      #expect(try text(path) == "four or more!")
      try AtomicFile.replace(path) { try Data("by path".utf8).write(to: URL(fileURLWithPath: $0)) }
      #expect(try text(path) == "by path")
      #expect(try entries(folder) == ["out.txt"])
    }
  }

  @Test(
    "The folder of any path is made, whatever the path looks like",
    arguments: ["F", "%", "{epoch}", "é", "x/F", "x/y/", ".", "..", "x//F"])
  func foldersOfPaths(tail: String) throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/" + tail
      try OutputFolder.make(for: path)
      let parent = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
      #expect(throws: Never.self) { try FileManager.default.contentsOfDirectory(atPath: parent) }
    }
    // A bare name lies in the folder that is there already.
    try OutputFolder.make(for: tail.replacing("/", with: ""))
  }

  @Test("A producer that fails leaves the old file and no other")
  func failingProducer() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      try AtomicFile.write("old", to: path)
      #expect(throws: Interruption.self) {
        try AtomicFile.write(to: path) { sink in
          try sink.write("half of the new")
          #expect(try text(path) == "old")
          #expect(try entries(folder).count == 2)
          throw Interruption()
        }
      }
      #expect(throws: Interruption.self) {
        try AtomicFile.replace(path) { temporary in
          try Data("half".utf8).write(to: URL(fileURLWithPath: temporary))
          throw Interruption()
        }
      }
      #expect(try text(path) == "old")
      #expect(try entries(folder) == ["out.txt"])
    }
  }

  @Test("A producer that removes its file is an error, not an empty file")
  func removedFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      #expect(throws: FileError.self) {
        try AtomicFile.replace(path) { try FileManager.default.removeItem(atPath: $0) }
      }
      let left = try entries(folder)
      #expect(left == [])
    }
  }

  @Test("A process that is told to stop takes its temporary files along")
  func abandoned() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      try AtomicFile.write("old", to: path)
      #expect(throws: FileError.self) {
        try AtomicFile.write(to: path) { sink in
          try sink.write("new")
          #expect(try entries(folder).count == 2)
          AtomicFile.abandonAll { $0.hasPrefix(folder.path) }
          #expect(try entries(folder) == ["out.txt"])
        }
      }
      #expect(try text(path) == "old")
    }
  }

  @Test("What a killed process left is removed by the next that writes there, what is in use is not")
  func leftBehind() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      let left = (0..<2).map { folder.appending(path: ".out.txt.\($0).tmp") }
      let others = [".out.txt.tmp", ".other.0.tmp"]
      for name in left.map(\.lastPathComponent) + others {
        try Data("half".utf8).write(to: folder.appending(path: name))
      }
      try AtomicFile.write("new", to: path)
      #expect(try entries(folder) == (others + [left[1].lastPathComponent, "out.txt"]).sorted())
      try AtomicFile.write(to: path) { outer in
        try outer.write("outer")
        // The first name is in use, so that the second one's turn has come.
        try AtomicFile.write("inner", to: path)
        #expect(try entries(folder) == (others + [left[0].lastPathComponent, "out.txt"]).sorted())
        #expect(try text(path) == "inner")
      }
      #expect(try text(path) == "outer")
      #expect(try entries(folder) == (others + ["out.txt"]).sorted())
    }
  }

  @Test("A folder, or a file that is not ours, in the place of a temporary one is left alone")
  func strangers() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      let place = folder.appending(path: ".out.txt.0.tmp").path
      let link = folder.appending(path: ".out.txt.1.tmp").path
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "absent")
      try AtomicFile.write("new", to: path)
      #expect(try entries(folder) == [".out.txt.0.tmp", ".out.txt.1.tmp", "out.txt"])
    }
  }

  @Test("Many writers at once get in each other's way nowhere")
  func crowd() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        for _ in 0..<20 {
          let result = Result { try AtomicFile.write(String(repeating: "\(number)", count: 999), to: path) }
          if case .failure(let error) = result { Issue.record(error) }
        }
      }
      let written = Set(try text(path))
      #expect(written.count == 1)
      #expect(try entries(folder) == ["out.txt"])
    }
  }

  @Test("What could be written is found out without writing")
  func writable() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.checkWritable(folder.appending(path: "out.txt").path)
      #expect(try entries(folder) == [])
      #expect(throws: FileError.self) { try AtomicFile.checkWritable(folder.path) }
      #expect(throws: FileError.self) {
        try AtomicFile.checkWritable(folder.appending(path: "absent/out.txt").path)
      }
    }
  }

  @Test("Two writers of one file do not meet")
  func twoWriters() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "out.txt").path
      try AtomicFile.write(to: path) { outer in
        try AtomicFile.write(to: path) { try $0.write("inner") }
        #expect(try text(path) == "inner")
        try outer.write("outer")
      }
      #expect(try text(path) == "outer")
      #expect(try entries(folder) == ["out.txt"])
    }
  }

  @Test("A symbolic link stays one; what it points to is replaced", arguments: [true, false])
  func links(targetExists: Bool) throws {
    try withTemporaryFolder { folder in
      let (link, target) = (folder.appending(path: "link").path, folder.appending(path: "real").path)
      if targetExists { try AtomicFile.write("old", to: target) }
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
      try AtomicFile.write("new", to: link)
      #expect(try text(target) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
      #expect(try entries(folder) == ["link", "real"])
    }
  }

  @Test("Links in a circle are refused")
  func circle() throws {
    try withTemporaryFolder { folder in
      let (one, two) = (folder.appending(path: "1").path, folder.appending(path: "2").path)
      try FileManager.default.createSymbolicLink(atPath: one, withDestinationPath: "2")
      try FileManager.default.createSymbolicLink(atPath: two, withDestinationPath: one)
      expectRefusal(one, "its symbolic links go round in a circle")
    }
  }

  @Test("Places where no file can be are refused in words")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "file").path
      try AtomicFile.write("x", to: file)
      expectRefusal(folder.path, "it is a folder; name a file inside it")
      expectRefusal(folder.path + "/", "it is a folder")
      expectRefusal(folder.path + "/absent/", "it is a folder")
      expectRefusal(folder.path + "/absent/out", "no such file or folder; make the folder first")
      expectRefusal(file + "/out", "a part of its path is not a folder")
      expectRefusal("/dev/null", "it is a device or a pipe, not a file")
      expectRefusal("", "no such file or folder")
      expectRefusal(folder.path + "/" + String(repeating: "n", count: 300), "its name is too long")
      #expect(try entries(folder) == ["file"])
    }
  }

  @Test("Folders for output are made, or refused in words")
  func folders() throws {
    try withTemporaryFolder { folder in
      let nested = folder.appending(path: "a/b").path
      try OutputFolder.makeWritable(nested)
      try OutputFolder.makeWritable(nested)
      #expect(try entries(folder.appending(path: "a/b")) == [])
      let file = nested + "/file"
      try AtomicFile.write("x", to: file)
      for (path, reason) in [
        (file, "a file stands where a folder should be; choose another name"),
        (file + "/c", "a part of its path is not a folder; make the folder first"),
        ("", "no such file or folder; make the folder first"),
      ] {
        let error = #expect(throws: FileError.self) { try OutputFolder.make(path) }
        #expect(error?.description == "\(path): cannot be written: \(reason)")
      }
    }
  }

  @Test("A name of 255 bytes leaves room for a temporary one")
  func longName() throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "é", count: 127) + "x"
      try AtomicFile.write("x", to: folder.appending(path: name).path)
      #expect(try entries(folder).map(\.utf8.count) == [255])
    }
  }

  @Test("New files have the permissions any new file has")
  func permissions() throws {
    try withTemporaryFolder { folder in
      let (ours, other) = (folder.appending(path: "ours").path, folder.appending(path: "other").path)
      try AtomicFile.write("x", to: ours)
      #expect(FileManager.default.createFile(atPath: other, contents: Data("x".utf8)))
      #expect(try mode(ours) == mode(other))
    }
  }

  @Test("A write-protected file is not replaced", .enabled(if: getuid() != 0, "root may write anywhere"))
  func protected() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "kept").path
      try AtomicFile.write("old", to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
      expectRefusal(path, "permission denied")
      #expect(try text(path) == "old")
    }
  }

  private func expectRefusal(_ path: String, _ sentence: String) {
    let error = #expect(throws: FileError.self) { try AtomicFile.write("new", to: path) }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("\(path): cannot be written: ") == true)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  private func entries(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }
}

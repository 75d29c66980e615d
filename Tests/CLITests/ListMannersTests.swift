import CLI
import Foundation
import TestSupport
import Testing

/// What lists of images, and the options about them, leave to say.
@Suite struct ListMannersTests {
  private func withFolder(_ body: (_ path: (String) -> String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in ["images/a/1.png", "images/a/2.png", "images/b/3.png"] {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(name.utf8).write(to: url)
      }
      try body { folder.appending(path: $0).path }
    }
  }

  @Test(arguments: [
    ["--sep", ";"], ["--x-col", "file"], ["--y-col", "class"], ["--directory", "/"],
  ]) func optionsOfManifestsAreNoneOfListings(option: [String]) throws {
    try withFolder { path in
      let list = path("list.csv")
      #expect(Outcome(["listing", path("images"), "-o", list]).code == .success)
      let refused = Outcome(["listing", list, "-o", path("again.csv")] + option)
      #expect(
        refused.code == .usage && refused.errors.contains("\(option[0]): has no effect on \(list)"),
        "\(refused)")
      try FileManager.default.removeItem(atPath: list + ".index.json")
      #expect(!Outcome(["listing", list, "-o", path("again.csv")] + option).errors.contains("has no effect"))
    }
  }

  @Test func linesOfObjectsHaveNoSeparator() throws {
    try withFolder { path in
      try Data(#"{"filename": "images/a/1.png", "class": "a"}"#.utf8).write(
        to: URL(fileURLWithPath: path("m.jsonl")))
      let refused = Outcome(["listing", path("m.jsonl"), "--sep", ";", "-o", path("list.csv")])
      #expect(refused.code == .usage && refused.errors.contains("--sep: JSON lines have no separators"))
    }
  }

  @Test func aListIsNotWrittenOverItself() throws {
    try withFolder { path in
      let list = path("list.jsonl")
      let text = Data((path("images/a/1.png") + "\n").utf8)
      try text.write(to: URL(fileURLWithPath: list))
      let same = Outcome(
        ["listing", "-", "-o", list], input: try FileHandle(forReadingFrom: URL(fileURLWithPath: list)))
      #expect(same.code == .data && same.errors.contains("is standard input, which is read"), "\(same)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: list)) == text)
    }
  }

  /// Neither the features nor the table beside them take the place of the list.
  @Test(arguments: ["list.npy", "list.npy.csv"]) func featuresAreNotWrittenOverTheirList(name: String) throws
  {
    try withFolder { path in
      let list = path(name)
      let text = Data((path("images/a/1.png") + "\n").utf8)
      try text.write(to: URL(fileURLWithPath: list))
      if name.hasSuffix("csv") { try Data().write(to: URL(fileURLWithPath: path("list.npy"))) }
      let same = Outcome(
        ["features", path("archive"), "-", "-o", path("list.npy")],
        input: try FileHandle(forReadingFrom: URL(fileURLWithPath: list)))
      #expect(
        same.code == .data && same.errors.contains("\(list): is standard input, which is read"), "\(same)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: list)) == text)
    }
  }

  /// As `find .` prints it, which sees the listing of an earlier time.
  @Test func aListingIsNoImageOfItself() throws {
    try withFolder { path in
      let list = path("list.jsonl")
      let names = ["images/a/1.png", "list.jsonl", "list.jsonl.index.json", "images/b/3.png"].map(path)
      let paths = URL(fileURLWithPath: path("paths"))
      try Data(names.joined(separator: "\n").utf8).write(to: paths)
      for _ in 0..<2 {
        let outcome = Outcome(["listing", "-", "-o", list], input: try FileHandle(forReadingFrom: paths))
        #expect(outcome.code == .success && outcome.output == "\(list): 2 images\n", "\(outcome)")
        #expect(outcome.errors.contains("left out \(list), which is the listing itself"))
        let again = Outcome(["listing", path("images"), "-o", list])
        #expect(again.code == .success)
      }
    }
  }

  @Test(arguments: ["verify", "inspect", "list", "predict", "merge"]) func wordsAreNotEmpty(verb: String) {
    let outcome = Outcome([verb, ""])
    #expect(outcome.code == .usage && outcome.errors.contains("expected a text that is not empty, found ''"))
  }
}

import CLI
import Foundation
import TestSupport
import Testing

/// `zoo listing`, and what reads its files.
@Suite struct ListingVerbTests {
  private struct Report: Decodable {
    var images: Int
    var classes: [String]
    var unreadable: Int
  }

  @Test(arguments: ["list.jsonl", "list.csv"]) func shardsOfAListing(name: String) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let list = place.path(name)
      let written = Outcome(["listing", place.path("images"), "-o", list, "--digests"])
      #expect(written.code == .success, "\(written)")
      #expect(written.output == "\(list): 15 images of 3 classes\n", "\(written)")
      let again = Outcome(["listing", place.path("images"), "-o", list, "--json"])
      let report = try JSONDecoder().decode(Report.self, from: Data(again.output.utf8))
      #expect(report.images == 15 && report.classes.count == 3 && report.unreadable == 0)
      let words = ["features", place.path("backbone.safetensors"), "--size", "64", "--no-cache"]
      for (source, output) in [(place.path("images"), "folder.npy"), (list, "list.npy")] {
        #expect(Outcome(words + [source, "-o", place.path(output)]).code == .success)
      }
      for index in 0..<2 {
        let outcome = Outcome(words + [list, "--shard", "\(index)/2", "-o", place.path("shards")])
        #expect(
          outcome.code == .success && outcome.output.contains("shard \(index) of 2"), "\(outcome)")
      }
      #expect(
        Outcome(["merge", place.path("shards"), "-o", place.path("merged.npy")]).code == .success)
      for end in ["npy", "npy.csv"] {
        let files = try ["folder", "list", "merged"].map {
          try Data(contentsOf: URL(fileURLWithPath: place.path("\($0).\(end)")))
        }
        #expect(files[0] == files[1] && files[0] == files[2])
      }
      let fewer = Outcome(
        words + [list, "--classes", "noise", "-o", place.path("fewer.npy"), "--json"])
      #expect(
        fewer.code == .success && fewer.output.contains("\"classes\": [\"noise\"]"), "\(fewer)")
    }
  }

  @Test func whatIsNoListingIsSaid() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let images = place.path("images")
      let wrong = Outcome(["listing", images, "-o", place.path("list.txt")])
      #expect(
        wrong.code == .usage
          && wrong.errors.contains("expected a name ending in .jsonl, .ndjson or .csv"))
      let none = Outcome(["listing", place.path("nothing"), "-o", place.path("list.csv")])
      #expect(
        none.code == .missing && !FileManager.default.fileExists(atPath: place.path("list.csv")))
      let list = place.path("list.csv")
      #expect(Outcome(["listing", images, "-o", list]).code == .success)
      try (String(contentsOfFile: list, encoding: .utf8) + "x.png,noise,1\n").write(
        toFile: list, atomically: true, encoding: .utf8)
      let words = [
        "features", place.path("backbone.safetensors"), list, "--size", "64", "--no-cache",
      ]
      for end in [["--shard", "0/2", "-o", place.path("shards")], ["-o", place.path("all.npy")]] {
        let changed = Outcome(words + end)
        #expect(
          changed.code == .data && changed.errors.contains("changed since it was written"),
          "\(changed)")
      }
    }
  }

  /// As `find` prints them: what is missing is a bad image.
  @Test func pathsOnStandardInput() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let paths = (0..<5).map { place.path("images/noise/000\($0).png") }
      let url = folder.appending(path: "paths")
      try Data((paths + [place.path("missing.png")]).joined(separator: "\n").utf8).write(to: url)
      let words = ["features", place.path("backbone.safetensors"), "--size", "64", "--no-cache"]
      func run(_ words: [String]) throws -> Outcome {
        Outcome(words, input: try FileHandle(forReadingFrom: url))
      }
      let named = Outcome(words + paths + ["-o", place.path("named.npy")])
      #expect(named.code == .success, "\(named)")
      let list = place.path("list.jsonl")
      let listed = try run(["listing", "-", "-o", list])
      #expect(listed.code == .success && listed.output == "\(list): 6 images\n", "\(listed)")
      #expect(listed.errors.contains("listed without a size: 1 file that cannot be read"))
      for (source, output) in [("-", "piped.npy"), (list, "listed.npy")] {
        let outcome = try run(words + [source, "-o", place.path(output)])
        #expect(
          outcome.code == .success && outcome.errors.contains("missing.png: cannot be read"),
          "\(outcome)")
      }
      for end in ["npy", "npy.csv"] {
        let files = try ["named", "piped", "listed"].map {
          try Data(contentsOf: URL(fileURLWithPath: place.path("\($0).\(end)")))
        }
        #expect(files[0] == files[1] && files[0] == files[2])
      }
      for wrong in [["-", "x.png"], ["-", "--classes", "noise"]] {
        #expect(try run(words + wrong + ["-o", place.path("other.npy")]).code == .usage)
        #expect(try run(["listing"] + wrong + ["-o", list]).code == .usage)
      }
      #expect(Outcome(words + ["-", "-o", place.path("other.npy")]).code == .missing)
    }
  }
}

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
        #expect(outcome.code == .success && outcome.output.contains("shard \(index) of 2"), "\(outcome)")
      }
      #expect(Outcome(["merge", place.path("shards"), "-o", place.path("merged.npy")]).code == .success)
      for end in ["npy", "npy.csv"] {
        let files = try ["folder", "list", "merged"].map {
          try Data(contentsOf: URL(fileURLWithPath: place.path("\($0).\(end)")))
        }
        #expect(files[0] == files[1] && files[0] == files[2])
      }
      let fewer = Outcome(
        words + [list, "--classes", "noise", "-o", place.path("fewer.npy"), "--json"])
      #expect(fewer.code == .success && fewer.output.contains("\"classes\": [\"noise\"]"), "\(fewer)")
    }
  }

  @Test func whatIsNoListingIsSaid() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let images = place.path("images")
      let wrong = Outcome(["listing", images, "-o", place.path("list.txt")])
      #expect(
        wrong.code != .success && wrong.errors.contains("expected a name ending in .jsonl, .ndjson or .csv"))
      let none = Outcome(["listing", place.path("nothing"), "-o", place.path("list.csv")])
      #expect(none.code == .missing && !FileManager.default.fileExists(atPath: place.path("list.csv")))
      let list = place.path("list.csv")
      #expect(Outcome(["listing", images, "-o", list]).code == .success)
      try (String(contentsOfFile: list, encoding: .utf8) + "x.png,noise,1\n").write(
        toFile: list, atomically: true, encoding: .utf8)
      let words = ["features", place.path("backbone.safetensors"), list, "--size", "64", "--no-cache"]
      for end in [["--shard", "0/2", "-o", place.path("shards")], ["-o", place.path("all.npy")]] {
        let changed = Outcome(words + end)
        #expect(
          changed.code == .data && changed.errors.contains("changed since it was written"), "\(changed)")
      }
    }
  }
}

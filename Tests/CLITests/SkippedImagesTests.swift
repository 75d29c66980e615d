import CLI
import Foundation
import TestSupport
import Testing

/// What is said of images that cannot be read.
@Suite struct SkippedImagesTests {
  /// A thousand lines hide what matters.
  @Test func manyUnreadableImagesAreCounted() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      for number in 0..<30 {
        try Data("no image".utf8).write(to: folder.appending(path: "images/noise/bad\(number).png"))
      }
      let words = [
        "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache",
      ]
      let lines = { (outcome: Outcome) in outcome.errors.split(separator: "\n").filter { $0.contains("/bad") }
      }
      let some = Outcome(words + ["-o", place.path("a.npy")])
      #expect(
        some.code == .success
          && some.errors.contains("skipped 30 unreadable images, of which these are the first"))
      #expect(lines(some).count == 10 && some.errors.contains("--list-skipped names all"))
      let all = Outcome(words + ["-o", place.path("a.npy"), "--list-skipped"])
      #expect(lines(all).count == 30 && !all.errors.contains("the first"))
      let shard = Outcome(words + ["-o", place.path("shards"), "--shard", "0/1", "--json"])
      #expect(lines(shard).count == 10)
      #expect(shard.output.split(separator: "\n").filter { $0.contains("\"reason\"") }.count == 30)
    }
  }
}

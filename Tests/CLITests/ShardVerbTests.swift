import CLI
import Foundation
import TestSupport
import Testing

/// `zoo features --shard` and `zoo merge`.
@Suite struct ShardVerbTests {
  private struct Progress: Decodable {
    var finished: Int
    var missing: [Int]
    var remaining: String
  }

  private func withPlace(_ body: (_ place: TrainingPlace, _ words: [String]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let words = [
        "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache",
      ]
      try body(place, words)
    }
  }

  @Test func shardsOfTasksBecomeTheFileOfOneRun() throws {
    try withPlace { place, words in
      let folder = place.path("shards")
      let whole = Outcome(words + ["-o", place.path("whole.npy")])
      #expect(whole.code == .success, "\(whole.errors)")
      for (name, task) in [("SLURM_ARRAY_TASK_ID", "0"), ("JOB_COMPLETION_INDEX", "2")] {
        let outcome = Outcome(words + ["--shards", "3", "-o", folder], environment: [name: task])
        #expect(
          outcome.code == .success && outcome.output.contains("shard \(task) of 3, features of"), "\(outcome)"
        )
      }
      let status = Outcome(["merge", "--status", folder])
      #expect(status.code == .success && status.output.hasSuffix("to compute: 1\n"), "\(status)")
      let json = Outcome(["merge", "--status", folder, "--json"])
      let progress = try JSONDecoder().decode(Progress.self, from: Data(json.output.utf8))
      #expect(progress.finished == 2 && progress.missing == [1] && progress.remaining == "1")
      let early = Outcome(["merge", folder, "-o", place.path("all.npy")])
      #expect(early.code == .data)
      #expect(
        early.errors
          == "error: \(folder): expected 3 finished shards, found 2; missing: 1; compute these again: 1\n")
      #expect(Outcome(words + ["--shard", "1/3", "-o", folder]).code == .success)
      let again = Outcome(words + ["--shard", "1/3", "-o", folder, "--json"])
      #expect(again.output.contains("\"wasFinished\": true"), "\(again)")
      let merged = Outcome(["merge", folder, "-o", place.path("all.npy")])
      #expect(merged.code == .success && merged.errors.hasPrefix("Merging: "), "\(merged)")
      for end in ["npy", "npy.csv"] {
        let files = try ["whole.", "all."].map {
          try Data(contentsOf: URL(fileURLWithPath: place.path($0 + end)))
        }
        #expect(files[0] == files[1])
      }
    }
  }

  /// Each task opens its own archives alone.
  @Test func archivesAreDealtAsAWhole() throws {
    try withPlace { place, words in
      let folder = URL(fileURLWithPath: place.path("images"))
      let files = try Packing.files(below: folder)
      for number in 0..<3 {
        let own = files.enumerated().filter { $0.offset % 3 == number }.flatMap { index, file in
          [
            (name: Array("\(index).png".utf8), bytes: file.bytes),
            (name: Array("\(index).cls".utf8), bytes: file.name.prefix { $0 != UInt8(ascii: "/") }),
          ].map { (name: $0.name, bytes: Array($0.bytes)) }
        }
        try Data(Packing.tar(own)).write(to: URL(fileURLWithPath: place.path("\(number).tar")))
      }
      let pattern = place.path("{0..2}.tar")
      let start = Array(words.prefix(2)) + [pattern] + words.dropFirst(3)
      let whole = Outcome(start + ["-o", place.path("whole.npy")])
      #expect(whole.code == .success, "\(whole.errors)")
      let shards = place.path("shards")
      let dealt = start + ["--shard-by", "archive", "-o", shards]
      for index in 0..<3 {
        let away = (0..<3).filter { $0 != index }.map { place.path("\($0).tar") }
        for path in away { try FileManager.default.moveItem(atPath: path, toPath: path + ".away") }
        let outcome = Outcome(dealt + ["--shard", "\(index)/3"])
        #expect(outcome.code == .success, "\(outcome.errors)")
        for path in away { try FileManager.default.moveItem(atPath: path + ".away", toPath: path) }
      }
      let status = Outcome(["merge", "--status", shards])
      #expect(status.output.hasPrefix("\(shards): 3 archives in 3 shards\n"), "\(status)")
      #expect(Outcome(["merge", shards, "-o", place.path("all.npy")]).code == .success)
      for end in ["npy", "npy.csv"] {
        let both = try ["whole.", "all."].map {
          try Data(contentsOf: URL(fileURLWithPath: place.path($0 + end)))
        }
        #expect(both[0] == both[1])
      }
      for (more, said) in [
        ([], "needs --shard or --shards"), (["--shard", "0/2", "--classes", "a"], "--classes: which images"),
        (["--shard", "0/2", "--validation-split", "0.2"], "--validation-split: needs all images"),
        (["--shard", "0/2", "--class-mode", "binary"], "--class-mode: which images"),
      ] {
        let wrong = Outcome(dealt + more)
        #expect(wrong.code == .usage && wrong.errors.contains(said), "\(wrong)")
      }
      let many = Outcome(dealt + ["--shard", "0/4"])
      #expect(
        many.code == .data && many.errors.contains("found 3 archives")
          && many.errors.contains("--shard-by image"))
    }
  }

  @Test func aTaskWithoutANumberIsAnErrorOfTheCommandLine() throws {
    try withPlace { place, words in
      let folder = place.path("shards")
      let missing = Outcome(words + ["--shards", "3", "-o", folder])
      #expect(
        missing.code == .usage && missing.errors.contains("SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX"))
      for task in ["3", "-1", "x", ""] {
        let wrong = Outcome(
          words + ["--shards", "3", "-o", folder], environment: ["SLURM_ARRAY_TASK_ID": task])
        #expect(wrong.code == .usage && wrong.errors.contains("expected a number from 0 to 2"), "\(wrong)")
      }
      for shard in ["3/3", "1", "1/0", "a/b", "1/2/3"] {
        let wrong = Outcome(words + ["--shard", shard, "-o", folder])
        #expect(wrong.code == .usage && wrong.errors.contains("such as 0/8"), "\(wrong)")
      }
      #expect(Outcome(words + ["--shard", "0/2", "--shards", "2", "-o", folder]).code == .usage)
      #expect(Outcome(words + ["--shard", "0/2", "-o", place.path("out.npy")]).code == .usage)
      #expect(!FileManager.default.fileExists(atPath: folder))
      #expect(Outcome(["merge", folder, "-o", place.path("all.npy")]).code == .missing)
      #expect(Outcome(["merge", folder]).code == .missing)
    }
  }
}

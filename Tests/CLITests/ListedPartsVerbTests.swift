import CLI
import Foundation
import TestSupport
import Testing

/// A listing in place of a folder with parts, and what is said where neither can be read.
@Suite struct ListedPartsVerbTests {
  /// 15 images for training and 6 for validation in `set`, listed in `set.jsonl`.
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let files = FileManager.default
      try files.createDirectory(atPath: place.path("set"), withIntermediateDirectories: true)
      for part in ["train", "val"] {
        try files.copyItem(atPath: place.path("images"), toPath: place.path("set/\(part)"))
      }
      for name in try files.contentsOfDirectory(atPath: place.path("set/val")) {
        for number in 2..<5 { try files.removeItem(atPath: place.path("set/val/\(name)/000\(number).png")) }
      }
      try #require(Outcome(["listing", place.path("set"), "-o", place.path("set.jsonl")]).code == .success)
      try body(place)
    }
  }

  private func train(_ place: TrainingPlace, _ data: String, _ more: String...) -> Outcome {
    Outcome(
      [
        "train", "--backbone", place.path("backbone.safetensors"), "--data", data, "--size", "64", "--head",
        "linear",
        "--fit", "lbfgs", "--strength", "1", "-o", place.path("model.safetensors"),
      ] + more)
  }

  @Test func aListingTrainsAsItsFolder() throws {
    try withPlace { place in
      let expected = train(place, place.path("set"))
      #expect(expected.code == .success, "\(expected)")
      let listed = train(place, place.path("set.jsonl"))
      #expect(listed.code == .success && listed.output == expected.output, "\(listed)")
      for count in [15, 6] {
        #expect(listed.output.contains("Found \(count) images belonging to 3 classes."))
      }
      #expect(
        listed.errors.contains(
          "set.jsonl: lists the parts of a data set: 15 training images, 6 validation images"), "\(listed)")
      let twice = train(place, place.path("set.jsonl"), "--validation-split", "0.2")
      #expect(
        twice.code == .usage && twice.errors.contains("set.jsonl (validation) and --validation-split"),
        "\(twice)")
      let model = place.path("model.safetensors")
      for subset in [[], ["--subset", "validation"], ["--subset", "training"]] {
        let words = ["evaluate", model] + subset
        let (folder, list) = (
          Outcome(words + [place.path("set")]), Outcome(words + [place.path("set.jsonl")])
        )
        #expect(list.code == .success && list.output == folder.output, "\(list)\n\(folder)")
        let part = subset.last ?? "validation"
        #expect(list.errors.contains("its \(part) images are used (--subset)"), "\(list)")
      }
      let none = Outcome(["evaluate", model, place.path("set.jsonl"), "--subset", "test"])
      #expect(none.code == .usage && none.errors.contains("has no such part"), "\(none)")
      let inspected = Outcome(["inspect", place.path("set.jsonl")])
      #expect(
        inspected.output.contains("a listing of 21 images of 3 classes (zoo features and zoo predict"),
        "\(inspected)")
    }
  }

  @Test func auditsKnowTheParts() throws {
    try withPlace { place in
      let words = ["audit", "--backbone", place.path("backbone.safetensors"), "--size", "64"]
      let listed = Outcome(words + [place.path("set.jsonl")])
      #expect(listed.code == .success, "\(listed)")
      #expect(listed.errors.contains("6 validation images"), "\(listed.errors)")
    }
  }

  @Test func standardInputIsNoDataSet() throws {
    try withPlace { place in
      let archive = place.path("backbone.safetensors")
      #expect(train(place, place.path("images")).code == .success)
      let cases = [
        train(place, "-"), Outcome(["evaluate", place.path("model.safetensors"), "-"]),
        Outcome(["audit", "-", "--backbone", archive]), Outcome(["choose", "--data", "-", archive]),
      ]
      for outcome in cases {
        #expect(
          outcome.code == .usage
            && outcome.errors.contains(
              "-: standard input is read by zoo listing, zoo features and zoo predict alone"),
          "\(outcome)")
      }
    }
  }

  @Test func foldersOfArchivesAreSaid() throws {
    try withPlace { place in
      let shards = place.path("wd")
      try FileManager.default.createDirectory(atPath: shards, withIntermediateDirectories: true)
      for number in 0..<4 { try Data(count: 1024).write(to: URL(fileURLWithPath: "\(shards)/\(number).tar")) }
      let archive = place.path("backbone.safetensors")
      for outcome in [
        Outcome(["listing", shards, "-o", place.path("wd.jsonl")]), train(place, shards),
        Outcome(["features", archive, shards, "-o", place.path("wd.npy")]),
      ] {
        #expect(
          outcome.code == .missing
            && outcome.errors.contains("found 4 archives; name the archives themselves")
            && outcome.errors.contains("wd/{0..3}.tar"), "\(outcome)")
      }
    }
  }

  @Test func namesOfOutputsAreOfTheCommandLine() throws {
    try withPlace { place in
      let (archive, images) = (place.path("backbone.safetensors"), place.path("images"))
      let shards = place.path("shards")
      let computed = Outcome(["features", archive, images, "--size", "64", "--shard", "0/1", "-o", shards])
      #expect(computed.code == .success, "\(computed)")
      let inspected = Outcome(["inspect", shards])
      #expect(
        inspected.output.contains("shards of features: 15 images in 1 shard, 1 finished (zoo merge --status"),
        "\(inspected)")
      let script = [
        "script", "slurm", "--shards", "2", "--merge", "feat", "--", "features", "a", "b", "-o", "d",
      ]
      for words in [
        ["features", archive, images, "-o", place.path("mm")],
        ["listing", images, "-o", place.path("x.txt")],
        ["merge", shards, "-o", place.path("x.bin")], script,
      ] {
        let outcome = Outcome(words)
        #expect(outcome.code == .usage && outcome.errors.contains("expected a name ending in"), "\(outcome)")
      }
    }
  }
}

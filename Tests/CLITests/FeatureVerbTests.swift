import CLI
import Foundation
import ModelZoo
import TestSupport
import Testing

/// Features in place of images: `zoo train --features`, and `zoo evaluate`, `zoo audit` and `zoo project` of shards.
@Suite struct FeatureVerbTests {
  /// A place with features of its images in three shards, `shards`, and put together, `features.safetensors`.
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      for index in 0..<3 {
        let shard = Outcome([
          "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache",
          "--shard", "\(index)/3", "-o", place.path("shards"),
        ])
        try #require(shard.code == .success, "\(shard.errors)")
      }
      let merged = Outcome(["merge", place.path("shards"), "-o", place.path("features.safetensors")])
      try #require(merged.code == .success)
      try body(place)
    }
  }

  private func train(_ place: TrainingPlace, _ source: [String], to name: String, _ more: [String] = [])
    -> Outcome
  {
    Outcome(
      ["train", "--backbone", place.path("backbone.safetensors")] + source + [
        "--validation-split", "0.4", "--seed", "3", "--head", "linear", "--no-report", "-o", place.path(name),
      ] + more)
  }

  private func parameters(_ path: String) throws -> [Tensor] {
    try TrainedModel(contentsOf: path).head.parameters.map(\.tensor)
  }

  @Test(arguments: [["--epochs", "3"], ["--fit", "lbfgs", "--strength", "1"]])
  func shardsAndFilesTrainWhatTheImagesTrain(fit: [String]) throws {
    try withPlace { place in
      let images = ["--data", place.path("images"), "--size", "64", "--no-cache"]
      let wanted = train(place, images, to: "images.safetensors", fit)
      #expect(wanted.code == .success, "\(wanted.errors)")
      for name in ["shards", "features.safetensors"] {
        let found = train(place, ["--features", place.path(name)], to: "model.safetensors", fit)
        #expect(found.code == .success, "\(found.errors)")
        let both = try ["model", "images"].map { try parameters(place.path("\($0).safetensors")) }
        #expect(both[0] == both[1])
        // Line for line, but for the times and the name.
        let lines = { (outcome: Outcome) in outcome.output.split(separator: "\n").prefix(3).map(String.init) }
        #expect(lines(found) == lines(wanted))
      }
    }
  }

  /// Where a trained model is the archive, images are brought to its own input: what comes out is what its head reads.
  @Test func featuresOfAModelAreThoseThatItReads() throws {
    try withPlace { place in
      let own = ["--size", "48", "--interpolation", "bilinear", "--preprocessing", "tf", "--no-cache"]
      #expect(train(place, ["--data", place.path("images")] + own, to: "m.safetensors").code == .success)
      func features(_ archive: String, _ options: [String], to name: String) throws -> FeatureSet {
        let words = ["features", place.path(archive), place.path("images"), "-o", place.path(name)]
        let outcome = Outcome(words + options)
        #expect(outcome.code == .success, "\(outcome.errors)")
        return try FeatureSet(contentsOf: place.path(name))
      }
      let found = try features("m.safetensors", ["--no-cache"], to: "found.safetensors")
      let wanted = try features("backbone.safetensors", own, to: "wanted.safetensors")
      let numbers = try [found, wanted].map { set in
        try set.withRows(0..<set.count) { span in span.indices.map { span[$0] } }
      }
      #expect(numbers[0] == numbers[1])
      #expect(
        Outcome(["evaluate", place.path("m.safetensors"), place.path("found.safetensors")]).code == .success)
      let asked = try features("m.safetensors", ["--size", "64", "--no-cache"], to: "asked.safetensors")
      #expect(
        asked.saysHowItWasComputed
          && Outcome(["evaluate", place.path("m.safetensors"), place.path("asked.safetensors")]).errors
            .contains(
              "expected input 48 x 48, bilinear, rgb, found input 64 x 64, bilinear, rgb")
      )
    }
  }

  /// An array says nothing of itself: options do.
  @Test func arraysTrainWithTheOptionsOfTheImages() throws {
    try withPlace { place in
      let merged = Outcome(["merge", place.path("shards"), "-o", place.path("f.npy")])
      #expect(merged.code == .success)
      let images = ["--data", place.path("images"), "--size", "64", "--no-cache"]
      #expect(train(place, images, to: "images.safetensors").code == .success)
      let found = train(place, ["--features", place.path("f.npy"), "--size", "64"], to: "m.safetensors")
      #expect(found.code == .success && found.errors.contains("does not say what computed it"), "\(found)")
      let both = try ["m", "images"].map { try parameters(place.path("\($0).safetensors")) }
      #expect(both[0] == both[1])
    }
  }

  @Test func evaluationIsThatOfTheImages() throws {
    try withPlace { place in
      #expect(train(place, ["--features", place.path("shards")], to: "m.safetensors").code == .success)
      let model = place.path("m.safetensors")
      let part = ["--validation-split", "0.4", "--subset", "validation", "--seed", "3", "--json"]
      let wanted = Outcome(["evaluate", model, place.path("images"), "--no-cache"] + part)
      #expect(wanted.code == .success, "\(wanted.errors)")
      for name in ["shards", "features.safetensors"] {
        let found = Outcome(["evaluate", model, place.path(name)] + part)
        #expect(found.code == .success && found.output == wanted.output, "\(found)")
      }
      // Without a part nobody knows what the model has learnt from.
      for source in ["shards", "images"] {
        let all = Outcome(
          ["evaluate", model, place.path(source)] + (source == "images" ? ["--no-cache"] : []))
        #expect(all.code == .success && all.errors.contains("the results are too good"), "\(all)")
      }
      // Of a part nobody knows it either, where the training held back another.
      for source in ["shards", "images"] {
        let cache = source == "images" ? ["--no-cache"] : []
        let words =
          ["evaluate", model, place.path(source), "--validation-split", "0.4", "--subset", "validation"]
          + cache
        let same = Outcome(words + ["--seed", "3"])
        #expect(same.code == .success && !same.errors.contains("too good"), "\(same)")
        let other = Outcome(words + ["--seed", "4"])
        let sentence =
          "the model was trained with another split: expected a fraction of 0.4, drawn, seed 3, found a fraction of 0.4, drawn, seed 4"
        #expect(other.code == .success && other.errors.contains(sentence), "\(other)")
      }
      let refused = Outcome(["evaluate", model, place.path("shards"), "--no-cache"])
      #expect(refused.code == .usage && refused.errors.contains("--no-cache: needs images"), "\(refused)")
      #expect(Outcome(["evaluate", model, place.path("shards"), "--subset", "test"]).code == .usage)
    }
  }

  private static func firstClass(_ place: TrainingPlace) throws -> String {
    try #require(FileManager.default.contentsOfDirectory(atPath: place.path("images")).sorted().first)
  }

  @Test func anAuditFindsTheSame() throws {
    try withPlace { place in
      let backbone = ["--backbone", place.path("backbone.safetensors")]
      let wanted = Outcome(["audit", place.path("images"), "--size", "64", "--no-cache"] + backbone)
      #expect(wanted.code == .success, "\(wanted.errors)")
      for name in ["shards", "features.safetensors"] {
        for more in [[], backbone] {
          let found = Outcome(["audit", place.path(name)] + more)
          #expect(found.code == .success && found.output == wanted.output, "\(found)")
        }
      }
      // An image that cannot be read has no row, and is not in the audit.
      try Data("no image".utf8).write(
        to: URL(fileURLWithPath: place.path("images/\(try Self.firstClass(place))/0.png")))
      let skipping = place.path("skipping.safetensors")
      let features = ["features", place.path("backbone.safetensors"), place.path("images"), "--size", "64"]
      #expect(Outcome(features + ["--no-cache", "-o", skipping]).code == .success)
      #expect(Outcome(["audit", skipping, "--json"]).code == .success)
      let page = place.path("audit.html")
      #expect(Outcome(["audit", place.path("shards"), "--report", page]).code == .success)
      let text = try String(contentsOfFile: page, encoding: .utf8)
      #expect(text.contains("seen through SqueezeNet"))
      #expect(Outcome(["audit", place.path("images")]).code == .usage)
    }
  }

  @Test func shardsArePlottedAsOneFileIs() throws {
    try withPlace { place in
      for name in ["shards", "features.safetensors"] {
        let plot = Outcome(["project", place.path(name), "-o", place.path("plot of \(name).csv")])
        #expect(plot.code == .success, "\(plot.errors)")
      }
      let both = try ["shards", "features.safetensors"].map { name in
        try Data(contentsOf: URL(fileURLWithPath: place.path("plot of \(name).csv")))
      }
      #expect(both[0] == both[1])
    }
  }

  @Test func whatNeedsImagesIsAnErrorOfTheCommandLine() throws {
    try withPlace { place in
      let features = ["--features", place.path("shards")]
      for option in [
        ["--horizontal-flip"], ["--variants", "2"], ["--unfreeze", "all"], ["--size", "64"],
        ["--pool", "max"],
        ["--classes", "circles,noise"], ["--no-cache"], ["--on-bad-image", "fail"],
        ["--featurewise-center"], ["--weight-col", "w"], ["--data", place.path("images")],
      ] {
        let outcome = train(place, features, to: "m.safetensors", option)
        #expect(
          outcome.code == .usage && outcome.errors.hasPrefix("error: --features and \(option[0]): "),
          "\(outcome.errors)")
      }
      let nothing = train(place, [], to: "m.safetensors")
      #expect(nothing.code == .usage && nothing.errors.contains("or give --features"), "\(nothing.errors)")
      #expect(!FileManager.default.fileExists(atPath: place.path("m.safetensors")))
    }
  }

  @Test func featuresOfAnotherBackboneAreRefusedWithBoth() throws {
    try withPlace { place in
      for words in [
        ["synthesize", "squeezenet", "--seed", "9", "-o", place.path("other.h5")],
        ["convert", place.path("other.h5"), "-o", place.path("other.safetensors")],
      ] { try #require(Outcome(words).code == .success) }
      let outcome = Outcome([
        "train", "--backbone", place.path("other.safetensors"), "--features", place.path("shards"), "--head",
        "linear", "-o", place.path("m.safetensors"),
      ])
      #expect(
        outcome.code == .data && outcome.errors.contains("expected weights ")
          && outcome.errors.contains(", found weights ") && outcome.errors.contains("(--backbone)"),
        "\(outcome)")
      let missing = train(
        place, ["--features", place.path("shards")], to: "m.safetensors", ["--layer", "fire9/concat"])
      #expect(missing.code == .missing, "\(missing)")
    }
  }
}

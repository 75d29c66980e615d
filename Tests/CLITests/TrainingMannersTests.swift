import CLI
import Foundation
import ModelZoo
import TestSupport
import Testing

/// What `train`, `predict`, `inspect` and `verify` say of what is hardly meant, and what they leave unsaid.
@Suite struct TrainingMannersTests {
  private func train(_ place: TrainingPlace, _ more: String...) -> Outcome {
    Outcome(
      [
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--head",
        "linear",
        "--size", "64", "--epochs", "2", "--no-cache", "-o", place.path("model"),
      ] + more)
  }

  @Test func quietIsQuiet() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let quiet = train(place, "--no-report", "--quiet")
      #expect(quiet.code == .success && quiet.errors.isEmpty)
      #expect(
        quiet.output.split(separator: "\n").count == 1 && quiet.output.hasPrefix(place.path("model") + ": "))
      #expect(train(place, "--no-report").output.contains("Epoch 2/2\n"))
    }
  }

  @Test func aClassThatCannotBeReadIsSaidAsAnEmptyOneIs() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      for file in try FileManager.default.contentsOfDirectory(atPath: place.path("images/noise")) {
        try Data("no image".utf8).write(to: folder.appending(path: "images/noise/" + file))
      }
      let outcome = train(place, "--no-report")
      #expect(outcome.code == .success)
      #expect(
        outcome.errors.contains(
          "class noise: expected an image that can be read, found none among 5, so the head cannot learn it"),
        "\(outcome.errors)")
    }
  }

  /// Weights that say that nothing counts, and those that no loss can be reckoned with.
  @Test func weightsMustLeaveSomethingToLearn() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let nothing = train(place, "--class-weights", "0,0,0")
      #expect(nothing.code == .data)
      #expect(
        nothing.errors.contains("class weights: expected at least one above 0, found 0 for every"),
        "\(nothing.errors)")
      for (weight, words) in [
        ("0", "expected at least one above 0"), ("1e30", "so that the loss stays finite, found 1e+30"),
      ] {
        let lines = ["circles", "noise"].map { "images/\($0)/0000.png,\($0),\(weight)" }
        try (["filename,class,w"] + lines).joined(separator: "\n").write(
          toFile: place.path("m.csv"), atomically: true, encoding: .utf8)
        let outcome = Outcome([
          "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("m.csv"),
          "--weight-col", "w",
          "--head", "linear", "--size", "64", "-o", place.path("model"),
        ])
        #expect(
          outcome.code == .data && outcome.errors.contains("sample weights: ")
            && outcome.errors.contains(words))
      }
    }
  }

  @Test func whatIsPrintedOfStepsIsWhatIsDone() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let outcome = train(
        place, "--no-report", "--steps-per-epoch", "100", "--batch", "8", "--rescale", "1/127.5")
      #expect(outcome.output.contains("\n2/2 - ") && !outcome.output.contains("100/100"), "\(outcome.output)")
      #expect(outcome.errors.contains("steps per epoch: expected 2 at most"))
      #expect(outcome.errors.contains("rescale=1/127.5 does not replace preprocess_input"))
    }
  }

  /// A failure comes alone: no headings of a table that has no lines.
  @Test(arguments: [[], ["--csv"], ["--json"]])
  func aPredictionThatFailsPrintsNothing(format: [String]) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      try #require(train(place, "--no-report").code == .success)
      try Data("no image".utf8).write(to: folder.appending(path: "a.png"))
      let outcome = Outcome(["predict", place.path("model"), place.path("a.png")] + format)
      #expect(outcome.code == .data && outcome.output.isEmpty, "\(outcome)")
      let flat = Outcome(["predict", place.path("model"), place.path("images/noise"), "--csv", "--top", "1"])
      #expect(flat.output.split(whereSeparator: \.isNewline).dropFirst().allSatisfy { $0.hasPrefix("000") })
    }
  }

  @Test func whatWeWroteIsKnownAgain() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let inspect = { (name: String) in Outcome(["inspect", place.path(name)]).output }
      for name in ["f.npy", "f.safetensors"] {
        let words = [
          "features", place.path("backbone.safetensors"), place.path("images"), "--size", "64", "--no-cache",
        ]
        try #require(Outcome(words + ["-o", place.path(name)]).code == .success)
      }
      #expect(
        inspect("f.npy")
          == "\(place.path("f.npy")): features (15, 512) of F32, 30,912 bytes: one row per image, with the file names in "
          + "\(place.path("f.npy.csv"))\n")
      #expect(
        inspect("f.safetensors").contains("\n  features of 15 images: one row per image; no checksums\n"))
      try #require(train(place).code == .success)
      #expect(inspect("model.html").contains(": the report of a training, "))
      let (data, backbone) = (place.path("images"), place.path("backbone.safetensors"))
      for (words, file, kind) in [
        (
          ["choose", "--data", data, backbone, "--folds", "2", "--report"], "c.html",
          "a comparison of backbones, "
        ),
        (
          ["audit", data, "--backbone", backbone, "--folds", "2", "--report"], "a.html",
          "the report of an audit, "
        ),
      ] {
        let outcome = Outcome(words + [place.path(file), "--size", "64", "--no-cache"])
        try #require(outcome.code == .success, "\(outcome.errors)")
        #expect(inspect(file).contains(": \(kind)"), "\(inspect(file))")
      }
      let images = ["0000.png", "0001.png"].map { place.path("images/noise/\($0)") }
      try #require(
        Outcome(["explain", place.path("model")] + images + ["-o", place.path("e.html")]).code == .success)
      #expect(inspect("e.html").contains(": a page of explained predictions, "))
      try "<!DOCTYPE html><html>".write(toFile: place.path("o.html"), atomically: true, encoding: .utf8)
      #expect(
        inspect("o.html").contains(
          "an HTML page of 21 bytes, not one of ours; for weights: the address showed"))
      let verified = Outcome(["verify", place.path("weights.h5")])
      #expect(verified.code == .data && verified.output == "\(place.path("weights.h5")): not an archive\n")
      #expect(verified.errors.contains("expected a safetensors header, found an HDF5 file; convert it first"))
    }
  }
}

import CLI
import Foundation
import TestSupport
import Testing

/// `zoo train --from`.
@Suite struct TrainFromTests {
  private func withModel(_ body: (TrainingPlace, _ model: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let trained = Outcome([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--size",
        "64",
        "--head", "dense(3, softmax)", "--epochs", "2", "--validation-split", "0.2", "--no-report",
        "-o", place.path("model.zoo"),
      ])
      try #require(trained.code == .success, "\(trained.errors)")
      try body(place, place.path("model.zoo"))
    }
  }

  @Test func aModelIsTrainedFurther() throws {
    try withModel { place, model in
      let words = [
        "train", "--from", model, "--data", place.path("images"), "--epochs", "3", "--validation-split",
        "0.2", "-o",
        place.path("further.zoo"),
      ]
      let further = Outcome(words)
      #expect(further.code == .success, "\(further.errors)")
      #expect(
        further.errors.contains("dense(3, softmax) is trained further; optimizer and history begin anew"))
      #expect(further.output.contains("dense(3, softmax), 3 classes, 3 epochs"))
      let described = Outcome(["inspect", place.path("further.zoo")]).output
      #expect(described.contains("trained on from: model.zoo, digest "))
      let same = Outcome(
        words.dropLast() + [place.path("same.zoo"), "--head", "dense(3, softmax)", "--exact"])
      #expect(same.code == .success, "\(same.errors)")
      // Another split validates on what was learnt from.
      let other = Outcome(words.dropLast() + [place.path("other.zoo"), "--seed", "5"])
      #expect(other.errors.contains("warning: validation: the model has learnt from"))
    }
  }

  @Test func whatTheModelHasIsNotGivenAgain() throws {
    try withModel { place, model in
      let data = ["--data", place.path("images"), "--epochs", "1", "-o", place.path("further.zoo")]
      for (more, part) in [
        (["--backbone", place.path("backbone.safetensors")], "--from and --backbone"),
        (["--head", "dense(3, sigmoid)"], "--head: expected that of \(model), dense(3, softmax), found"),
        (["--head", "dense("], "--head"), (["--size", "64"], "--size: comes from the model"),
        (["--pool", "avg"], "--pool: comes from the model"),
        (["--fit", "lbfgs"], "--from: needs --fit epochs"),
        (["--featurewise-center"], "--featurewise-center: comes from the model"),
        (["--interpolation=nearest"], "--interpolation: comes from the model"),
      ] {
        let outcome = Outcome(
          ["train", "--from", model]
            + (more.contains("--fit") ? data.filter { $0 != "--epochs" && $0 != "1" } : data) + more)
        #expect(outcome.code == .usage && outcome.errors.contains(part), "\(more): \(outcome.errors)")
      }
      let backbone = place.path("backbone.safetensors")
      #expect(Outcome(["train", "--from", backbone] + data).code == .data)
      #expect(Outcome(["train"] + data).errors.contains("--backbone ARCHIVE: missing"))
      #expect(Outcome(["train", "--backbone", backbone] + data).errors.contains("--head LAYERS: missing"))
      let overwrites = Outcome(["train", "--from", model, "--data", place.path("images"), "-o", model])
      #expect(overwrites.code == .usage && overwrites.errors.contains("is the input"))
    }
  }

  @Test func classesGoByTheirNames() throws {
    try withModel { place, model in
      let words = [
        "train", "--from", model, "--data", place.path("images"), "--epochs", "2", "--validation-split",
        "0.2",
      ]
      let classes = Outcome(words + ["--classes", "noise,circles", "-o", place.path("less.zoo")])
      #expect(classes.code == .data, "\(classes.errors)")
      for part in [
        "expected the classes circles, noise, stripes, found noise, circles", "(--classes ", "--backbone",
      ] {
        #expect(classes.errors.contains(part), "\(classes.errors)")
      }
      #expect(Outcome(words + ["-o", place.path("plain.zoo"), "--no-report"]).code == .success)
      let other = Outcome(
        words + ["-o", place.path("other.zoo"), "--no-report", "--classes", "stripes,noise,circles"])
      #expect(other.code == .success)
      #expect(
        other.errors.contains(
          "its classes are stripes, noise, circles; put in the model's order by their names: circles, noise, stripes"
        ),
        "\(other.errors)")
      #expect(!other.errors.contains("the model has learnt from"))
      let bytes = ["plain.zoo", "other.zoo"].map { FileManager.default.contents(atPath: place.path($0)) }
      #expect(bytes[0] != nil && bytes[0] == bytes[1])
    }
  }
}

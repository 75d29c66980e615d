import CLI
import Foundation
import TestSupport
import Testing

/// `--split-at`, `--validation-batch` and `--metrics acc`.
@Suite struct SplitFlagTests {
  private func withPlace(_ body: (TrainingPlace) throws -> Void) throws {
    try withTemporaryFolder { try body(TrainingPlace($0)) }
  }

  private func train(_ place: TrainingPlace, _ output: String, _ more: String...) -> Outcome {
    Outcome(
      [
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--size",
        "64",
        "--head", "dense(3, softmax)", "--epochs", "2", "--batch", "4", "--no-report", "-o",
        place.path(output),
      ] + more)
  }

  /// The tutorial's `x[:646]` after a shuffle.
  @Test func theFirstSoManyImagesAreTrainedOn() throws {
    try withPlace { place in
      let trained = train(place, "model.zoo", "--split-at", "10", "--seed", "4")
      #expect(trained.code == .success, "\(trained.errors)")
      #expect(trained.output.contains("Using 10 images for training.\nUsing 5 images for validation.\n"))
      let same = train(place, "same.zoo", "--split-at", "10", "--seed", "4", "--split", "dataset")
      #expect(same.code == .success && same.output.contains("Using 10 images for training."))
      // What was held back is found again, and was not learnt from.
      let words = ["evaluate", place.path("model.zoo"), place.path("images"), "--json"]
      let part = Outcome(words + ["--split-at", "10", "--seed", "4", "--subset", "validation"])
      let rest = Outcome(words)
      #expect(part.code == .success && part.output == rest.output)
      #expect(rest.errors.contains("10 of the 15 images were learnt from; the other 5 are measured"))
    }
  }

  @Test func whatMakesNoSplitIsRefused() throws {
    try withPlace { place in
      for (more, part) in [
        (["--split-at", "10", "--validation-split", "0.2"], "--split-at and --validation-split"),
        (
          ["--split-at", "10", "--split", "drawn"],
          "--split-at: shuffles as --split dataset; found --split drawn"
        ),
        (["--split-at", "0"], "--split-at"), (["--split-at", "0.8"], "--split-at"),
        (
          ["--split-at", "10", "--validation-data", place.path("images")], "--validation-data and --split-at"
        ),
      ] {
        let outcome = train(
          place, "m.zoo", more[0], more[1], more.count > 2 ? more[2] : "--no-cache",
          more.count > 3 ? more[3] : "--exact")
        #expect(outcome.code == .usage && outcome.errors.contains(part), "\(more): \(outcome.errors)")
      }
      let all = train(place, "m.zoo", "--split-at", "15")
      #expect(all.code == .data && all.errors.contains("expected 1 to 14 training images of 15"))
      let alone = Outcome(["predict", "m", place.path("images"), "--split-at", "3"])
      #expect(alone.code == .usage && alone.errors.contains("--split-at: needs --subset"))
    }
  }

  @Test func theValidationBatchChangesNothing() throws {
    try withPlace { place in
      let usual = train(place, "a.zoo", "--validation-split", "0.4")
      let other = train(place, "b.zoo", "--validation-split", "0.4", "--validation-batch", "1")
      #expect(usual.code == .success && other.code == .success, "\(other.errors)")
      #expect(FileManager.default.contentsEqual(atPath: place.path("a.zoo"), andPath: place.path("b.zoo")))
      #expect(
        Outcome("train --backbone b --data d --head linear --fit lbfgs --validation-batch 3 -o m").code
          == .usage)
    }
  }

  @Test func theOldNameOfAccuracyIsWrittenWhereItIsAskedFor() throws {
    try withPlace { place in
      let log = place.path("log.csv")
      let trained = train(
        place, "a.zoo", "--validation-split", "0.4", "--metrics", "acc", "--csv-log", log, "--checkpoint",
        place.path("c/{epoch}-{val_acc:.2f}-{val_accuracy:.2f}"), "--early-stopping", "5", "--monitor",
        "val_accuracy")
      #expect(trained.code == .success, "\(trained.errors)")
      #expect(trained.output.contains(" - acc: ") && trained.output.contains(", val_acc 0."))
      #expect(!trained.output.contains("accuracy"))
      let header = try String(contentsOfFile: log, encoding: .utf8).split(whereSeparator: \.isNewline).first
      #expect(header == "epoch,acc,loss,val_acc,val_loss")
      let json = train(place, "b.zoo", "--metrics", "acc", "--json")
      #expect(json.output.contains("\"acc\": [") && !json.output.contains("accuracy"))
    }
  }
}

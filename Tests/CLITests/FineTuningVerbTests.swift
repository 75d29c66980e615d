import CLI
import Foundation
import TestSupport
import Testing

/// `zoo train --unfreeze`, and what the other verbs say of what it writes.
@Suite struct FineTuningVerbTests {
  private func train(_ place: TrainingPlace, _ more: String...) -> Outcome {
    Outcome(
      [
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--size",
        "64", "--head", "linear", "--no-report",
      ] + more)
  }

  @Test func aCheckpointOfLayersOnlyResumes() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let (checkpoint, model) = (place.path("c.ckpt"), place.path("model.safetensors"))
      let tuning = ["--unfreeze-blocks", "1", "--memory", "4G", "--epochs", "2"]
      func train(_ more: [String]) -> Outcome {
        Outcome(
          [
            "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"),
            "--size", "64", "--head", "linear", "--no-report",
          ] + tuning + more)
      }
      let first = train(["--checkpoint", checkpoint, "-o", model])
      #expect(first.code == .success, "\(first.errors)")
      let before = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
      let over = train(["--resume", checkpoint, "-o", checkpoint])
      #expect(over.code == .usage && over.errors.contains("is the input"), "\(over.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: checkpoint)) == before)
      for words in [
        ["summary", checkpoint], ["summary", checkpoint, "--backbone", place.path("backbone.safetensors")],
        ["features", checkpoint, place.path("images"), "-o", place.path("f.npy")],
        ["export", checkpoint, "--to", "onnx", "-o", place.path("m.onnx")],
        ["train", "--backbone", checkpoint, "--data", place.path("images"), "--head", "linear", "-o", model],
      ] {
        let outcome = Outcome(words)
        #expect(outcome.code == .data, "\(words): \(outcome.errors)")
        #expect(outcome.errors.contains("zoo train --resume \(checkpoint)"), "\(words): \(outcome.errors)")
      }
      let other = train(["--resume", checkpoint, "--seed", "4", "--learning-rate", "0.5", "-o", model])
      #expect(other.errors.contains("--seed") && other.errors.contains("--learning-rate"), "\(other.errors)")
      let exact = train(["--resume", checkpoint, "--exact", "-o", model])
      #expect(exact.code == .data && exact.errors.contains("arithmetic"), "\(exact.errors)")
      let described = Outcome(["inspect", model, "--json"]).output
      #expect(
        described.contains(try Regex("\"trainedFurther\": \\{\\s*\"layers\": \\[\\s*\"fire9")), "\(described)"
      )
      let batch = Outcome(["export", model, "--to", "onnx", "--batch", "4", "-o", place.path("m.onnx")])
      #expect(batch.output.contains("[4, 64, 64, 3]") && !batch.output.contains("[N"), "\(batch.output)")
    }
  }

  @Test func testImagesAreMeasuredByTheMetricsThatAreNamed() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let model = place.path("model.safetensors")
      let words = [
        "--epochs", "1", "--test-data", place.path("images"), "--metrics", "f1_score", "-o", model,
      ]
      func train(_ more: [String]) -> Outcome {
        Outcome(
          [
            "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"),
            "--size", "64", "--head", "linear", "--no-report",
          ] + words + more)
      }
      let plain = train([])
      #expect(plain.output.contains("test_f1_score: ") && !plain.output.contains("test_accuracy"))
      let json = train(["--json"])
      #expect(json.output.contains(try Regex("\"test\": \\{[^}]*\"f1_score\": ")), "\(json.output)")
    }
  }

  @Test func aLinearFitIsInspectedAsOne() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let model = place.path("model.safetensors")
      let fitted = train(place, "--fit", "lbfgs", "--strength", "1", "-o", model)
      #expect(fitted.code == .success, "\(fitted.errors)")
      let described = Outcome(["inspect", model])
      #expect(described.output.contains("3 classes, L-BFGS, accuracy"), "\(described.output)")
      #expect(Outcome(["inspect", model, "--json"]).output.contains("\"fit\": \"lbfgs\""))
    }
  }

  @Test(arguments: ["4G", "4GB", "4 GiB", "4096m", "4194304k"])
  func sizesAreReadWithTheirUnits(_ size: String) {
    let outcome = Outcome(["cache", "--shrink", size, "--cache", "/nowhere/at/all"])
    #expect(!outcome.errors.contains("expected a size"), "\(outcome.errors)")
  }

  @Test(arguments: ["4X", "4iB", "G", "4GBB"])
  func otherUnitsAreRefused(_ size: String) {
    #expect(Outcome(["cache", "--shrink", size]).errors.contains("a size such as 500MB or 4GB"))
  }
}

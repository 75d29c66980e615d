import CLI
import Foundation
import TestSupport
import Testing

/// Verbs that take a checkpoint for the model it makes.
@Suite struct CheckpointVerbTests {
  private func withCheckpoint(_ body: (TrainingPlace, _ checkpoint: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let trained = place.train("model.zoo", "--checkpoint", place.path("c/{epoch}.checkpoint"))
      try #require(trained.code == .success, "\(trained.errors)")
      try body(place, place.path("c/2.checkpoint"))
    }
  }

  @Test func aCheckpointIsUsedAsAModel() throws {
    try withCheckpoint { place, checkpoint in
      let (image, model) = (place.path("images/noise/0000.png"), place.path("model.zoo"))
      for words in [["predict", "FILE", image, "--json"], ["evaluate", "FILE", place.path("images")]] {
        let (wanted, found) = (
          Outcome(words.map { $0 == "FILE" ? model : $0 } + ["--no-cache"]),
          Outcome(words.map { $0 == "FILE" ? checkpoint : $0 } + ["--no-cache"])
        )
        #expect(found.code == .success && found.output == wanted.output)
        #expect(
          found.errors.contains("\(checkpoint): a checkpoint after 2 epochs, on \(place.path("backbone"))"))
      }
      let explained = Outcome(["explain", checkpoint, image, "-o", place.path("why.png")])
      #expect(explained.code == .success, "\(explained.errors)")
      let described = Outcome(["inspect", checkpoint]).output
      #expect(described.contains("a checkpoint after 2 epochs, without its backbone: dense(3, softmax)"))
      #expect(Outcome(["summary", checkpoint]).output == Outcome(["summary", model]).output)
    }
  }

  /// What is refused leaves no folder behind, and what is written makes its own.
  @Test func refusalsMakeNoFolder() throws {
    try withTemporaryFolder { folder in
      let place = try TrainingPlace(folder)
      let named = place.train("model.zoo", "--checkpoint", place.path("c") + "/")
      #expect(named.code == .usage && named.errors.contains("expected the name of a file, found the folder"))
      let head = Outcome([
        "train", "--backbone", place.path("backbone.safetensors"), "--data", place.path("images"), "--head",
        "dense(17, softmax)", "-o", place.path("model.zoo"), "--checkpoint", place.path("d/e/last.ckpt"),
      ])
      #expect(head.errors.contains("found a last layer with 17 outputs"), "\(head.errors)")
      let isThere = { (name: String) in FileManager.default.fileExists(atPath: place.path(name)) }
      #expect(!isThere("c") && !isThere("d"))
      #expect(place.train("model.zoo", "--checkpoint", place.path("d/e/last.ckpt")).code == .success)
      #expect(isThere("d/e/last.ckpt"))
    }
  }

  @Test func aCheckpointBecomesAModel() throws {
    try withCheckpoint { place, checkpoint in
      let made = Outcome(["model", checkpoint, "-o", place.path("made.zoo")])
      #expect(made.code == .success, "\(made.errors)")
      #expect(
        made.output.hasPrefix("\(place.path("made.zoo")): squeezenet, dense(3, softmax), 3 classes, 2 epochs")
      )
      #expect(
        FileManager.default.contentsEqual(atPath: place.path("made.zoo"), andPath: place.path("model.zoo")))
      let json = Outcome(["model", checkpoint, "-o", place.path("made.zoo"), "--json", "-q"])
      #expect(json.output.contains("\"epochs\": 2") && json.errors.isEmpty)
      let first = Outcome(["model", place.path("c/1.checkpoint"), "-o", place.path("first.zoo")])
      #expect(first.output.contains("3 classes, 1 epoch,"))
    }
  }

  @Test func theArchiveIsNamedWhereItIsNotFound() throws {
    try withCheckpoint { place, checkpoint in
      try FileManager.default.moveItem(
        atPath: place.path("backbone.safetensors"), toPath: place.path("moved.safetensors"))
      let output = place.path("made.zoo")
      let lost = Outcome(["model", checkpoint, "-o", output])
      #expect(lost.code == .missing && lost.errors.contains("(--backbone ARCHIVE)"))
      #expect(lost.errors.contains(" backbone.safetensors with digest "))
      let moved = place.path("moved.safetensors")
      #expect(Outcome(["model", checkpoint, "--backbone", moved, "-o", output]).code == .success)
      #expect(Outcome(["model", checkpoint, "--backbone", output, "-o", place.path("x.zoo")]).code == .data)
      #expect(Outcome(["model", output, "-o", place.path("x.zoo")]).code == .data)
      let image = place.path("images/noise/0000.png")
      let superfluous = Outcome(["predict", output, image, "--backbone", moved])
      #expect(superfluous.code == .data && superfluous.errors.contains("--backbone is for checkpoints"))
    }
  }

  @Test func noOutputTakesThePlaceOfWhatIsRead() throws {
    try withCheckpoint { place, checkpoint in
      let backbone = place.path("backbone.safetensors")
      for words in [
        ["model", checkpoint, "-o", checkpoint], ["model", checkpoint, "-o", backbone],
        ["model", checkpoint, "-o", place.path("model.onnx")],
        ["explain", checkpoint, place.path("images/noise/0000.png"), "-o", backbone],
      ] {
        #expect(Outcome(words).code == .usage, "\(words)")
      }
      #expect(Outcome(["predict", checkpoint, place.path("images/noise/0000.png")]).code == .success)
    }
  }
}

extension TrainingPlace {
  /// Trains two epochs.
  fileprivate func train(_ output: String, _ more: String...) -> Outcome {
    Outcome(
      [
        "train", "--backbone", path("backbone.safetensors"), "--data", path("images"), "--size", "64",
        "--head", "dense(3, softmax)", "--epochs", "2", "--validation-split", "0.2", "--no-report", "-o",
        path(output),
      ] + more)
  }
}

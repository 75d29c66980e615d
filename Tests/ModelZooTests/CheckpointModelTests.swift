import Errors
import Foundation
import ModelZoo
import TensorArchive
import TestSupport
import Testing
import Training

/// Checkpoints that are used as models.
@Suite struct CheckpointModelTests {
  private struct Place {
    let folder: URL
    let archive: String
    let split: DatasetSplit

    init(_ folder: URL) throws {
      self.folder = folder
      archive = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try SyntheticImageFolder(seed: 1, countPerClass: 5).write(to: photos.path)
      split = try Dataset(folder: photos.path).split(validation: 0.4, seed: 3)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Trains a head of which dropout makes every step count.
    func train(_ epochs: Int, _ callbacks: [any TrainingCallback] = []) throws -> TrainedModel {
      let backbone = try Backbone(
        contentsOf: archive, options: BackboneOptions(size: 48, pooling: .maximum, interpolation: .bilinear))
      let head = Head {
        Dropout(0.25)
        Dense(3, activation: .softmax)
      }
      let fit = Fit.epochs(epochs, batchSize: 4, callbacks: callbacks)
      return try backbone.train(head, on: split, options: TrainingOptions(fit: fit, seed: 5))
    }

    /// The bytes that a model is saved as.
    func bytes(_ model: TrainedModel) throws -> Data {
      try model.save(to: path("saved"))
      return try Data(contentsOf: folder.appending(path: "saved"))
    }

    /// Trains three epochs, each with a checkpoint named after it.
    func trainWithCheckpoints() throws {
      _ = try train(3, [try ModelCheckpoint(path("checkpoints/{epoch}"))])
    }

    func checkpoint(_ epoch: Int) -> String { path("checkpoints/\(epoch)") }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { try body(Place($0)) }
  }

  @Test func aCheckpointIsTheModelOfATrainingThatEndedThere() throws {
    try withPlace { place in
      try place.trainWithCheckpoints()
      for epochs in 1...3 {
        let (whole, loaded) = (
          try place.train(epochs), try TrainedModel(contentsOf: place.checkpoint(epochs))
        )
        #expect(loaded.checkpointPlace == "\(epochs) epoch\(epochs == 1 ? "" : "s")")
        #expect(loaded.labels == whole.labels && loaded.history == whole.history)
        #expect(loaded.learntImages == whole.learntImages && whole.learntImages?.count == 9)
        #expect(loaded.head.parameters == whole.head.parameters)
        let images = place.split.training
        #expect(try loaded.predict(images).predictions == whole.predict(images).predictions)
        #expect(try loaded.evaluate(on: images) == whole.evaluate(on: images))
        #expect(try place.bytes(loaded) == place.bytes(whole))
      }
      #expect(try TrainedModel(contentsOf: place.path("saved")).checkpointPlace == nil)
    }
  }

  @Test func aTrainingThatIsInterruptedWithinAnEpochPredicts() throws {
    try withPlace { place in
      final class Stopper: TrainingCallback {
        func batchEnded(_ batch: Int, _: Logs, _ trainer: inout Trainer) {
          if trainer.finishedEpochs == 1, batch == 1 { trainer.requestsCheckpoint = true }
        }
        let path: String
        init(_ path: String) { self.path = path }
        func checkpointMade(_ checkpoint: TrainingCheckpoint, _: inout Trainer) throws {
          try checkpoint.write(to: path)
        }
      }
      _ = try place.train(2, [Stopper(place.path("within"))])
      let model = try TrainedModel(contentsOf: place.path("within"))
      #expect(model.checkpointPlace == "1 epoch and 2 steps" && model.history.epochs.count == 1)
      #expect(try model.predict(place.split.training).predictions.count == 9)
      // What was read can be written again, and still makes a model.
      try TrainingCheckpoint(contentsOf: place.path("within")).write(to: place.path("again"))
      #expect(
        try Data(contentsOf: place.folder.appending(path: "within"))
          == Data(contentsOf: place.folder.appending(path: "again")))
    }
  }

  @Test func theArchiveIsKnownByItsDigestAlone() throws {
    try withPlace { place in
      try place.trainWithCheckpoints()
      let (checkpoint, files) = (place.checkpoint(2), FileManager.default)
      // Another archive where it was, and it beside the checkpoint under another name.
      try files.moveItem(atPath: place.archive, toPath: place.path("checkpoints/a network"))
      _ = try SyntheticArchive.write("squeezenet", to: place.folder, seed: 2)
      let found = try TrainedModel(contentsOf: checkpoint)
      #expect(found.backbone.path == place.path("checkpoints/a network"))
      // Elsewhere it has to be named.
      try files.moveItem(atPath: found.backbone.path, toPath: place.path("elsewhere"))
      let missing = #expect(throws: ModelZooError.self) { try TrainedModel(contentsOf: checkpoint) }
      let digest = try #require(found.backbone.digest)
      #expect(
        missing
          == .backboneNotFound(
            checkpoint: checkpoint, network: "squeezenet",
            file: URL(fileURLWithPath: place.archive).lastPathComponent, digest: digest))
      #expect(missing?.family == .missing)
      let named = try TrainedModel(contentsOf: checkpoint, backbone: place.path("elsewhere"))
      #expect(try place.bytes(named) == place.bytes(found))
      let other = #expect(throws: ModelZooError.self) {
        try TrainedModel(contentsOf: checkpoint, backbone: place.archive)
      }
      guard case .otherBackbone(_, place.archive, digest, _)? = other else {
        Issue.record("\(String(describing: other))")
        return
      }
      // A model has its own.
      try named.save(to: place.path("model"))
      #expect(throws: ModelZooError.noCheckpoint(archive: place.path("model"))) {
        try TrainedModel(contentsOf: place.path("model"), backbone: place.path("elsewhere"))
      }
    }
  }

  /// What a checkpoint says of its archive is a stranger's word: no device, pipe or folder is waited for, and no section is trusted.
  @Test func whatAHostileCheckpointNamesIsNotWaitedFor() throws {
    try withPlace { place in
      try place.trainWithCheckpoints()
      try #require(unsafe mkfifo(place.path("pipe"), 0o600) == 0)
      let reader = try TrainingCheckpoint(contentsOf: place.checkpoint(1))
      for path in ["/dev/zero", "/dev/stdin", place.path("pipe"), "/", "", "a\u{0}b", "\n"] {
        var sections = reader.sections
        sections["backbone_archive"] = try String(
          decoding: JSONEncoder().encode(["network": "n", "file": path, "sha256": "0"]), as: UTF8.self)
        let changed = try TrainingCheckpoint(
          json: reader.json, tensors: reader.tensors, sections: sections)
        try changed.write(to: place.path("changed"))
        let error = #expect(throws: ModelZooError.self) {
          try TrainedModel(contentsOf: place.path("changed"))
        }
        #expect(error?.family == .missing && error?.description.contains("\n") == false, "\(path)")
      }
    }
  }

  @Test func everyDamagedSectionIsRefused() throws {
    try withPlace { place in
      try place.trainWithCheckpoints()
      let whole = try TrainingCheckpoint(contentsOf: place.checkpoint(1))
      for name in whole.sections.keys where name != "training_images" {
        for text in ["", "{}", "[1]", "{\"network\": 3, \"file\": \"a\"}"] {
          var sections = whole.sections
          sections[name] = text
          let changed = try TrainingCheckpoint(json: whole.json, tensors: whole.tensors, sections: sections)
          try changed.write(to: place.path("changed"))
          if name == "history", text == "{}" { continue }
          #expect("\(name) \(text)") {
            try TrainedModel(contentsOf: place.path("changed"))
          } throws: {
            $0 is any ZooError
          }
        }
      }
    }
  }

  /// Earlier releases kept what resuming takes, and no more.
  @Test func aCheckpointOfAnEarlierReleaseCanOnlyBeResumed() throws {
    try withPlace { place in
      try place.trainWithCheckpoints()
      let whole = try TrainingCheckpoint(contentsOf: place.checkpoint(1))
      let earlier = place.path("earlier")
      try TrainingCheckpoint(json: whole.json, tensors: whole.tensors).write(to: earlier)
      #expect(throws: ModelZooError.onlyResumable(checkpoint: earlier)) {
        try TrainedModel(contentsOf: earlier)
      }
      #expect(try TrainingCheckpoint(contentsOf: earlier).epoch == 1)
    }
  }
}

import Errors
import Foundation
import ModelZoo
import Randomness
import TensorArchive
import Tensors
import TestSupport
import Testing
import Training

/// Checkpoints as files.
@Suite struct ModelCheckpointTests {
  private static func logs(_ loss: Double) -> Logs {
    Logs([("loss", 12345.678), ("accuracy", 1), ("val_loss", loss)])
  }

  private static var samples: Samples {
    var generator = SplitMix64(seed: 4)
    let scalars = (0..<120).map { _ in Float(generator.nextUnit()) }
    return Samples(Tensor(shape: [30, 4], scalars: scalars), .classes((0..<30).map { $0 % 2 }))
  }

  private static func train(
    _ callbacks: [any TrainingCallback], epochs: Int = 4, resuming checkpoint: TrainingCheckpoint? = nil
  ) throws -> (History, [HeadParameter]) {
    var trainer = try Trainer(head: Head("dropout(0.2), dense(2, softmax)"), inputShape: [4], seed: 3)
    let history = try trainer.fit(
      samples.features, samples.labels, validation: samples, epochs: epochs, batchSize: 8,
      callbacks: callbacks, resuming: checkpoint)
    return (history, trainer.model.parameters)
  }

  @Test func everyEpochCanBeGoneOnFrom() throws {
    let whole = try Self.train([])
    try withTemporaryFolder { folder in
      let template = folder.appending(path: "some/{epoch:02d}-{val_loss:.2f}.checkpoint").path
      _ = try Self.train([ModelCheckpoint(template)])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "some").path)
      #expect(names.count == 4)
      for name in names {
        let checkpoint = try TrainingCheckpoint(contentsOf: folder.appending(path: "some/\(name)").path)
        let loss = try #require(checkpoint.history["val_loss"].last)
        #expect(name == String(format: "%02d-%.2f.checkpoint", checkpoint.epoch, loss))
        let resumed = try Self.train([ModelCheckpoint(template)], resuming: checkpoint)
        #expect(resumed == whole)
      }
    }
  }

  @Test func theSameTrainingWritesTheSameBytes() throws {
    try withTemporaryFolder { folder in
      let files = try ["a", "b"].map { name in
        let path = folder.appending(path: name).path
        _ = try Self.train([ModelCheckpoint(path)])
        return try Data(contentsOf: URL(fileURLWithPath: path))
      }
      #expect(files[0] == files[1])
    }
  }

  private struct Story: Sendable {
    var best = false
    var interval = 1
    var threshold: Double?
    var written: [Int]
  }

  private static let stories = [
    Story(written: [1, 2, 3, 4, 5, 6]), Story(interval: 2, written: [2, 4, 6]),
    Story(best: true, written: [1, 2, 4]), Story(best: true, interval: 2, written: [2, 4]),
    Story(best: true, threshold: 2.5, written: [2, 4]), Story(best: true, threshold: 0.5, written: []),
  ]

  @Test(arguments: stories.indices) func writesWhatIsWorthIt(_ index: Int) throws {
    let story = Self.stories[index]
    let callback = try ModelCheckpoint(
      "{epoch}", savesBestOnly: story.best, interval: story.interval, threshold: story.threshold)
    var trainer = try Trainer(head: Head("dense(2, softmax)"), inputShape: [4])
    let plan = TrainingPlan(epochs: 6, stepsPerEpoch: 1, samples: 1, validationSamples: 1)
    try callback.trainingBegan(plan, &trainer)
    var written: [Int] = []
    for (epoch, loss) in [3, 2, 2.5, 1, 1, 4].enumerated() {
      try callback.epochEnded(epoch, Self.logs(loss), &trainer)
      if trainer.requestsCheckpoint { written.append(epoch + 1) }
      trainer.requestsCheckpoint = false
    }
    #expect(written == story.written)
  }

  @Test func theBestSoFarIsRememberedAcrossAnInterruption() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "best").path
      let make = { try ModelCheckpoint(path, monitor: "loss", savesBestOnly: true) }
      _ = try Self.train([make()], epochs: 2)
      let checkpoint = try TrainingCheckpoint(contentsOf: path)
      let resumed = try make()
      _ = try Self.train([resumed], resuming: checkpoint)
      let state = try #require(try resumed.state)
      #expect(state.text.contains("\"progress\":[0."))
      #expect(throws: TrainingError.self) { try Self.train([], resuming: checkpoint) }
    }
  }

  @Test func namesFilesAsPythonDoes() throws {
    let file = URL(fileURLWithPath: Repository.fixture("callbacks/names.json"))
    let names = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
    #expect(names.count > 10)
    for (template, name) in names {
      let callback = try ModelCheckpoint(template)
      var trainer = try Trainer(head: Head("dense(2, softmax)"), inputShape: [4])
      try callback.epochEnded(6, Self.logs(0.11249), &trainer)
      #expect(callback.pendingPath == name, "\(template)")
    }
  }

  @Test(arguments: ["{", "}", "a{epoch", "{:02d}", "{epoch:x}", "{epoch:>4}", "{}", "}{"])
  func refusesATemplateThatIsNone(_ template: String) {
    #expect(throws: ModelZooError.self) { try ModelCheckpoint(template) }
  }

  @Test func refusesANameWithANumberNobodyMeasures() throws {
    let error = #expect(throws: ModelZooError.self) { try Self.train([ModelCheckpoint("{val_mse:.2f}")]) }
    #expect(
      error?.description
        == "{val_mse:.2f}: expected one of epoch, accuracy, loss, val_accuracy, val_loss, found val_mse")
  }

  @Test func everyFlippedByteIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "checkpoint").path
      _ = try Self.train([ModelCheckpoint(path)], epochs: 1)
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let damaged = folder.appending(path: "damaged")
      for position in stride(from: 0, to: bytes.count, by: 7) {
        var copy = bytes
        copy[position] ^= 0x10
        try Data(copy).write(to: damaged)
        #expect("byte \(position)") {
          try TrainingCheckpoint(contentsOf: damaged.path)
        } throws: {
          $0 is any ZooError
        }
      }
      for count in stride(from: 0, to: bytes.count, by: 61) {
        try Data(bytes.prefix(count)).write(to: damaged)
        #expect(throws: ArchiveError.self, "\(count) bytes") {
          try TrainingCheckpoint(contentsOf: damaged.path)
        }
      }
    }
  }

  @Test func refusesAnotherKindOfArchive() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "plain").path
      try ArchiveWriter.write(to: path, manifest: Manifest(producer: "test"), tensors: [:])
      #expect(throws: ModelZooError.noCheckpoint(archive: path)) { try TrainingCheckpoint(contentsOf: path) }
    }
  }
}

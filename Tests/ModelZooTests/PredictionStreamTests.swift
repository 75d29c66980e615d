import Foundation
import ModelZoo
import TestSupport
import Testing

/// Predictions come as images are done, and no more of them are under way than two batches.
@Suite struct PredictionStreamTests {
  private static let batchSize = 3

  private static func place(in folder: URL) throws -> (model: TrainedModel, images: Dataset) {
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 9)
    let backbone = try Backbone(
      contentsOf: SyntheticArchive.write("squeezenet", to: folder), options: BackboneOptions(size: 64))
    let dataset = try Dataset(folder: photos.path)
    let model = try backbone.train(
      Head { Dense(3, activation: .softmax) }, on: dataset, options: TrainingOptions(fit: .epochs(2)))
    try Data("no image".utf8).write(to: photos.appending(path: "noise/5.png"))
    return (model, dataset)
  }

  /// How many images are done of which nobody has seen the prediction.
  private final class InFlight: Sendable {
    private let counts = Locked((done: 0, seen: 0, most: 0))
    var most: Int { counts.value.most }

    func finish(_ done: Int) {
      counts.update { ($0.done, $0.most) = (done, max($0.most, done - $0.seen)) }
    }
    func see() { counts.update { $0.seen += 1 } }
  }

  @Test func theyComeBatchByBatch() async throws {
    try await withTemporaryFolderAwaiting { folder in
      let (model, images) = try Self.place(in: folder)
      let options = ExtractionOptions(batchSize: Self.batchSize)
      let (inFlight, skipped) = (InFlight(), Locked<[String]>([]))
      var found: [Prediction] = []
      let predictions = model.predictions(of: images, options: options) { event in
        switch event {
        case .images(let done, _): inFlight.finish(done)
        case .skipped(let image): skipped.update { $0.append(image.path) }
        case .cached, .caveat: break
        }
      }
      for try await prediction in predictions {
        found.append(prediction)
        inFlight.see()
      }
      // The unreadable image is done and never seen.
      #expect(inFlight.most <= Self.batchSize + 1)
      #expect(skipped.value == [folder.appending(path: "photos/noise/5.png").path])
      let wanted = try await model.predict(images)
      #expect(found == wanted.predictions && wanted.predictions.count == 26)
      #expect(wanted.skipped.map(\.path) == skipped.value)
      #expect(found.map(\.file) == images.items.map(\.name).filter { $0 != "noise/5.png" })
    }
  }

  @Test func scriptsAreCalledBackBatchByBatch() throws {
    try withTemporaryFolder { folder in
      let (model, images) = try Self.place(in: folder)
      let inFlight = InFlight()
      var found: [Prediction] = []
      let options = ExtractionOptions(batchSize: Self.batchSize)
      try model.predictions(of: images, options: options) { event in
        if case .images(let done, _) = event { inFlight.finish(done) }
      }.wait { prediction in
        found.append(prediction)
        inFlight.see()
      }
      #expect(inFlight.most <= Self.batchSize + 1)
      #expect(try found == model.predict(images, options: ExtractionOptions(batchSize: 7)).predictions)
    }
  }

  @Test func oneThatNobodyWantsIsNotMade() async throws {
    try await withTemporaryFolderAwaiting { folder in
      let (model, images) = try Self.place(in: folder)
      let done = Locked(0)
      let options = ExtractionOptions(batchSize: Self.batchSize)
      let predictions = model.predictions(of: images, options: options) { event in
        if case .images(let count, _) = event { done.value = count }
      }
      for try await _ in predictions { break }
      #expect(done.value == Self.batchSize)
      let task = Task { try await model.predict(images) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      let strict = ExtractionOptions(batchSize: Self.batchSize, onBadImage: .fail)
      await #expect(throws: ImageError.self) { try await model.predict(images, options: strict) }
    }
  }
}

import Foundation
import ModelZoo
import TestSupport
import Testing

/// Trainings and evaluations as jobs: what they tell, and how they end when nobody wants them any more.
@Suite struct TrainingJobTests {
  private static let head = Head {
    Dropout(0.25)
    Dense(3, activation: .softmax)
  }

  private struct Place {
    let backbone: Backbone
    let split: DatasetSplit
    let folder: URL

    func path(_ name: String) -> String { folder.appending(path: name).path }

    var fileNames: Set<String> {
      get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) }
    }
  }

  private static func place(in folder: URL) throws -> Place {
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 6)
    let backbone = try Backbone(
      contentsOf: SyntheticArchive.write("squeezenet", to: folder), options: BackboneOptions(size: 64))
    return Place(
      backbone: backbone, split: try Dataset(folder: photos.path).split(validation: 0.34, seed: 1),
      folder: folder)
  }

  private static func waited<Event, Value>(
    for job: Job<Event, Value>, _ observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws -> Value { try job.wait(observe) }

  /// Trains with a callback of every kind that remembers something.
  private static func options(
    _ change: (inout EpochOptions) throws -> Void = { _ in }, _ augmentation: Augmentation = Augmentation()
  ) throws -> TrainingOptions {
    var epochs = EpochOptions(
      count: 4, batchSize: 5,
      callbacks: [
        try EarlyStopping(patience: 9, restoresBest: true), LearningRateScheduler { _, rate in rate * 0.75 },
      ])
    try change(&epochs)
    return TrainingOptions(fit: .epochs(epochs), seed: 3, augmentation: augmentation)
  }

  @Test func aJobTellsEverythingAndComesToTheSame() async throws {
    try await withTemporaryFolderAwaiting { folder in
      let place = try Self.place(in: folder)
      let wanted = try await place.backbone.train(Self.head, on: place.split, options: Self.options())
      let path = place.path("every.checkpoint")
      let options = try Self.options { $0.callbacks.append(try ModelCheckpoint(path, interval: 2)) }
      let job = try place.backbone.startTraining(
        Self.head, on: place.split, options: options, extraction: ExtractionOptions(batchSize: 4))
      var events: [TrainingEvent] = []
      for await event in job.events { events.append(event) }
      let model = try await job.value
      #expect(model.head.parameters == wanted.head.parameters && model.history == wanted.history)

      var (logs, steps, places, last) = ([Logs](), 0, [String](), [DatasetPart: Int]())
      var begun: [Int] = []
      for event in events {
        switch event {
        case .features(let part, .images(let done, let total)):
          #expect(done <= total && total == place.split[part]?.items.count && begun.isEmpty)
          last[part] = done
        case .trainingBegan(let plan): #expect(plan.epochs == 4 && plan.stepsPerEpoch == 3 && logs.isEmpty)
        case .epochBegan(let epoch): begun.append(epoch)
        case .batchEnded(let batch, let running): steps += batch < 3 && running["loss"] != nil ? 1 : 100
        case .epochEnded(let epoch, let measured):
          #expect(epoch == logs.count)
          logs.append(measured)
        case .checkpointSaved(path, let place): places.append(place)
        default: #expect(event == .trainingEnded)
        }
      }
      #expect(events.last == .trainingEnded && begun == [0, 1, 2, 3] && logs == model.history.epochs)
      #expect((1...12).contains(steps) && places == ["2 epochs", "4 epochs"])
      #expect(last == [.training: 12, .validation: 6])
    }
  }

  @Test func whatCannotBeTrainedDoesNotStart() throws {
    try withTemporaryFolder { folder in
      let place = try Self.place(in: folder)
      #expect(throws: TrainingError.setting(name: "epochs", expected: "1 or more", found: "0")) {
        try place.backbone.startTraining(
          Self.head, on: place.split, options: TrainingOptions(fit: .epochs(0)))
      }
    }
  }

  /// Cancels at the first event that `isReached`, and tells how far the checkpoint says that training came.
  private func cancelled(
    _ place: Place, _ options: TrainingOptions, at isReached: @escaping @Sendable (TrainingEvent) -> Bool
  ) throws -> String? {
    let job = try place.backbone.startTraining(
      Self.head, on: place.split, options: options, extraction: ExtractionOptions(batchSize: 2))
    let saved = Locked<String?>(nil)
    #expect(throws: CancellationError.self) {
      try Self.waited(for: job) { event in
        if isReached(event) { job.cancel() }
        if case .checkpointSaved(_, let place) = event { saved.value = place }
      }
    }
    return saved.value
  }

  @Test func aCancelledTrainingIsGoneOnWith() throws {
    try withTemporaryFolder { folder in
      let place = try Self.place(in: folder)
      let wanted = try place.backbone.train(Self.head, on: place.split, options: Self.options())
      let path = place.path("cancelled.checkpoint")
      let options = try Self.options { $0.cancellationCheckpoint = path }
      let stop = try cancelled(place, options) { event in
        if case .batchEnded(1, _) = event { true } else { false }
      }
      let checkpoint = try TrainingCheckpoint(contentsOf: path)
      #expect(stop == checkpoint.place && checkpoint.epoch < 4)
      let resumed = try place.backbone.train(
        Self.head, on: place.split, options: Self.options { $0.checkpoint = checkpoint })
      #expect(resumed.head.parameters == wanted.head.parameters && resumed.history == wanted.history)
      #expect(resumed.record?.learningRates == wanted.record?.learningRates)
      #expect(resumed.record?.resumption == stop)
    }
  }

  /// Cancelled while the images of a later epoch are read: the checkpoint is that of the epoch's beginning.
  @Test func aTrainingIsCancelledBetweenEpochs() throws {
    try withTemporaryFolder { folder in
      let place = try Self.place(in: folder)
      var turned = Augmentation()
      turned.rotationRange = 20
      let wanted = try place.backbone.train(
        Self.head, on: place.split, options: Self.options({ _ in }, turned))
      let path = place.path("cancelled.checkpoint")
      let hasBegun = Locked(false)
      let options = try Self.options({ $0.cancellationCheckpoint = path }, turned)
      let stop = try cancelled(place, options) { event in
        switch event {
        case .epochBegan(1): hasBegun.value = true
        case .features(.training, .images): return hasBegun.value
        default: break
        }
        return false
      }
      #expect(stop == "1 epoch")
      let checkpoint = try TrainingCheckpoint(contentsOf: path)
      let resumed = try place.backbone.train(
        Self.head, on: place.split, options: Self.options({ $0.checkpoint = checkpoint }, turned))
      #expect(resumed.head.parameters == wanted.head.parameters && resumed.history == wanted.history)
    }
  }

  @Test func aCancelledTrainingLeavesNothingUnlessAsked() throws {
    try withTemporaryFolder { folder in
      let place = try Self.place(in: folder)
      let before = try place.fileNames
      let stop = try cancelled(place, Self.options()) { event in
        if case .batchEnded = event { true } else { false }
      }
      #expect(stop == nil)
      // Before the epochs there is nothing to go on from.
      let done = Locked<[Int]>([])
      let path = place.path("cancelled.checkpoint")
      let early = try cancelled(place, Self.options { $0.cancellationCheckpoint = path }) { event in
        guard case .features(_, .images(let count, _)) = event else { return false }
        done.update { $0.append(count) }
        return count >= 2
      }
      #expect(early == nil && (done.value.last ?? 99) <= 12)
      #expect(try place.fileNames == before)
    }
  }

  @Test func aLinearFitIsCancelled() throws {
    try withTemporaryFolder { folder in
      let place = try Self.place(in: folder)
      let job = try place.backbone.startTraining(
        Head { Dense(3, activation: .softmax) }, on: place.split,
        options: TrainingOptions(fit: .linear(LinearFit())))
      #expect(throws: CancellationError.self) {
        try Self.waited(for: job) { event in
          if case .features(.validation, .images(6, _)) = event { job.cancel() }
        }
      }
    }
  }

  @Test func aTaskThatIsCancelledTrainsNoFurther() async throws {
    try await withTemporaryFolderAwaiting { folder in
      let place = try Self.place(in: folder)
      let options = TrainingOptions(fit: .epochs(100_000))
      let task = Task { try await place.backbone.train(Self.head, on: place.split, options: options) }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  @Test func anEvaluationIsAJob() async throws {
    try await withTemporaryFolderAwaiting { folder in
      let place = try Self.place(in: folder)
      let model = try await place.backbone.train(Self.head, on: place.split, options: Self.options())
      let held = try #require(place.split.validation)
      let job = model.startEvaluation(
        on: held, metrics: [.accuracy, .auc], extraction: ExtractionOptions(batchSize: 2))
      var last: ExtractionEvent?
      for await event in job.events { last = event }
      #expect(last == .images(done: 6, total: 6))
      let (found, wanted) = (
        try await job.value, try await model.evaluation(on: held, metrics: [.accuracy, .auc])
      )
      #expect(found.logs == wanted.logs && found.confusion == wanted.confusion)
      let cancelled = model.startEvaluation(on: held)
      cancelled.cancel()
      await #expect(throws: CancellationError.self) { try await cancelled.value }
      let strangers = try Dataset(folder: folder.appending(path: "photos/noise").path)
      await #expect(throws: DatasetError.self) { try await model.evaluate(on: strangers) }
    }
  }
}

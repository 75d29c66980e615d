import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

@Suite("Training on images that change")
struct AugmentedTrainingTests {
  private func withFolder(_ body: (URL, String, Dataset) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 4)
      try body(folder, archive, Dataset(folder: photos.path))
    }
  }

  private func turned() -> Augmentation {
    var augmentation = Augmentation()
    augmentation.rotationRange = 40
    augmentation.zoomRange = 0.7...1.3
    augmentation.horizontalFlip = true
    return augmentation
  }

  private func train(
    _ archive: String, _ folder: Dataset, _ options: TrainingOptions, threads: Int = 2,
    extraction: ExtractionOptions = ExtractionOptions(batchSize: 5)
  ) throws -> TrainedModel {
    let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64), threads: threads)
    return try backbone.train(
      Head { Dense(3, activation: .softmax) }, on: folder, options: options, extraction: extraction)
  }

  @Test func everyEpochHasImagesOfItsOwnAndAnyThreadsTheSame() throws {
    try withFolder { _, archive, folder in
      for variants in [nil, 3] {
        let options = TrainingOptions(
          fit: .epochs(3, batchSize: 5), seed: 4, augmentation: turned(), variants: variants)
        let first = try train(archive, folder, options, threads: 1)
        let second = try train(
          archive, folder, options, threads: 2, extraction: ExtractionOptions(batchSize: 3))
        #expect(first.history == second.history)
        #expect(first.head.parameters == second.head.parameters)
        let plain = try train(archive, folder, TrainingOptions(fit: .epochs(3, batchSize: 5), seed: 4))
        #expect(first.history != plain.history)
      }
    }
  }

  /// Features that are too many to be held wait on the disk; what is learnt from them is the same, to the bit.
  @Test(arguments: [nil, 1, 3])
  func featuresThatWaitOnTheDiskTeachTheSame(_ variants: Int?) throws {
    try withFolder { folder, archive, images in
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64, pooling: .none))
      let split = try images.split(validation: 0.3, seed: 2)
      let head = Head {
        Flatten()
        Dropout(0.3)
        Dense(3, activation: .softmax)
      }
      func train(_ epochs: Int, _ limit: Int?, _ checkpoint: String) throws -> TrainedModel {
        var cache = FeatureCache(folder: folder.appending(path: "cache").path)
        if let limit { cache.mostHeldByteCount = limit }
        var fit = EpochOptions(count: epochs, batchSize: 5, callbacks: [try ModelCheckpoint(checkpoint)])
        if FileManager.default.fileExists(atPath: checkpoint) {
          fit.checkpoint = try TrainingCheckpoint(contentsOf: checkpoint)
        }
        let options = TrainingOptions(
          fit: .epochs(fit), seed: 4, augmentation: variants == nil ? Augmentation() : turned(),
          variants: variants)
        let extraction = ExtractionOptions(batchSize: 4, cache: cache)
        return try backbone.train(head, on: split, options: options, extraction: extraction)
      }
      let held = try train(3, nil, folder.appending(path: "held").path)
      let file = folder.appending(path: "stored").path
      _ = try train(2, 0, file)
      // The checkpoint knows the same data again, wherever they are.
      let stored = try train(3, 0, file)
      #expect(stored.head.parameters == held.head.parameters && stored.history == held.history)
      #expect(stored.record?.outputs == held.record?.outputs && stored.mistakes == held.mistakes)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "cache").path)
      #expect(left == ["features"])
      // Where the folder takes no files they are held after all.
      try Data().write(to: folder.appending(path: "no folder"))
      var nowhere = FeatureCache(folder: folder.appending(path: "no folder").path)
      nowhere.mostHeldByteCount = 0
      let options = TrainingOptions(fit: .epochs(3, batchSize: 5), seed: 4)
      guard variants == nil else { return }
      let without = try backbone.train(
        head, on: split, options: options, extraction: ExtractionOptions(batchSize: 4, cache: nowhere))
      #expect(without.head.parameters == held.head.parameters)
    }
  }

  /// Images worked on, rows found and rows computed.
  private func work(
    _ archive: String, _ photos: Dataset, _ cache: FeatureCache, _ augmentation: Augmentation,
    _ variants: Int?
  ) throws -> [Int] {
    let work = Mutex([0, 0, 0])
    let extraction = ExtractionOptions(
      cache: cache,
      observer: { event in
        work.withLock {
          switch event {
          case .images(let done, let total): if done == total { $0[0] += total }
          case .cached(let use):
            $0[1] += use.found
            $0[2] += use.computed
          case .skipped, .caveat: break
          }
        }
      })
    let options = TrainingOptions(fit: .epochs(4), seed: 4, augmentation: augmentation, variants: variants)
    _ = try train(archive, photos, options, extraction: extraction)
    return work.withLock(\.self)
  }

  @Test func imagesAreComputedOnceWhereThereAreFew() throws {
    try withFolder { folder, archive, photos in
      let cache = FeatureCache(folder: folder.appending(path: "cache").path)
      var flips = Augmentation()
      flips.horizontalFlip = true
      let runs: [(Augmentation, Int?, [Int])] = [
        (Augmentation(), nil, [12, 0, 12]), (flips, nil, [12, 12, 12]), (flips, nil, [12, 24, 0]),
        (turned(), 3, [12, 0, 36]), (turned(), 3, [12, 36, 0]), (turned(), nil, [48, 0, 0]),
      ]
      for (augmentation, variants, expected) in runs {
        let found = try work(archive, photos, cache, augmentation, variants)
        #expect(found == expected)
      }
    }
  }

  @Test func variantsOfAnImageFollowEachOther() throws {
    try withFolder { _, archive, folder in
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      let images = folder
      let both = try backbone.features(
        of: images, variants: ImageVariants(turned(), seed: 1, numbers: 0..<2))
      #expect(both.features.shape == [24, 512])
      #expect(both.rows.files.prefix(3) == ["discs/0.png", "discs/0.png", "discs/1.png"])
      let second = try backbone.features(
        of: images, variants: ImageVariants(turned(), seed: 1, numbers: 1..<2))
      var rows: [Float] = []
      for row in 0..<12 {
        let start = (2 * row + 1) * 512
        rows += both.features.scalars[start..<start + 512]
      }
      #expect(rows == second.features.scalars)
    }
  }

  @Test func aLinearFitLearnsFromAllVariants() throws {
    try withFolder { _, archive, folder in
      var options = TrainingOptions(
        fit: .linear(LinearFit(strength: .fixed(1))), seed: 2, augmentation: turned())
      #expect(throws: ModelZooError.endlessAugmentation) { try train(archive, folder, options) }
      options.variants = 3
      let model = try train(archive, folder, options)
      #expect(model.fit?.hasConverged == true)
      #expect(model.fit?.strength == 1.0 / 3)
      options.fit = .linear(LinearFit(strength: .crossValidated(candidates: [0.1, 1], folds: 2)))
      #expect(try train(archive, folder, options).fit?.hasConverged == true)
    }
  }

  @Test func whatCannotBeMeantIsRefused() throws {
    try withFolder { _, archive, folder in
      let changes: [(inout Augmentation) -> Void] = [
        { $0.zoomRange = 0...1 }, { $0.rotationRange = -1 }, { $0.fillValue = 300 },
        { $0.colorJitter = ColorJitter(hue: 0.7) }, { $0.shearRange = .nan },
        { $0.randomResizedCrop = RandomResizedCrop(scale: 0.5...1.5) }, { $0.brightnessRange = -1...1 },
        { $0.brightnessRange = 0...1e300 }, { $0.zoomRange = 0.5...1e300 },
        { $0.randomResizedCrop = RandomResizedCrop(ratio: 0...1) },
      ]
      for (index, change) in changes.enumerated() {
        var augmentation = Augmentation()
        change(&augmentation)
        #expect(throws: ImageError.self, "change \(index)") {
          try train(archive, folder, TrainingOptions(fit: .epochs(1), augmentation: augmentation))
        }
      }
    }
  }
}

import Foundation
import ModelZoo
import TestSupport
import Testing

import enum Catalog.CatalogError

/// Training a part of a backbone with its head, and what becomes of it.
@Suite struct FineTuningTests {
  private static let head = Head { Dense(3, activation: .softmax) }

  private struct Place {
    let backbone: Backbone
    let split: DatasetSplit
    let folder: URL

    func path(_ name: String) -> String { folder.appending(path: name).path }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 6)
      let archive = try SyntheticArchive.write("mobilenet_v2_0.35", to: folder)
      let split = try Dataset(folder: photos.path).split(validation: 0.34, seed: 1)
      try body(
        Place(
          backbone: try Backbone(contentsOf: archive, options: BackboneOptions(size: 64)), split: split,
          folder: folder))
    }
  }

  private func options(
    _ fineTuning: FineTuning?, epochs: Int = 2, callbacks: [any TrainingCallback] = []
  ) -> TrainingOptions {
    var options = TrainingOptions(
      fit: .epochs(epochs, batchSize: 5, optimizer: .adam(learningRate: 0.01), callbacks: callbacks), seed: 3)
    options.fineTuning = fineTuning
    return options
  }

  private func features(_ backbone: Backbone, _ place: Place) throws -> [Float] {
    try backbone.features(of: place.split.training).features.scalars
  }

  /// From inside a block: the frozen part is read at two layers, for the sum past the block is in the trained part.
  @Test func aPartOfABackboneIsTrainedSavedAndRead() throws {
    try withPlace { place in
      let options = options(FineTuning(.from("block_15_depthwise"), learningRate: 0.001))
      let model = try place.backbone.train(Self.head, on: place.split, options: options)
      let record = try #require(model.fineTuning)
      #expect(record.source == place.backbone.digest)
      #expect(record.layers.first == "block_15_depthwise" && record.layers.last == "Conv_1_bn")
      #expect(try features(model.backbone, place) != features(place.backbone, place))
      let path = place.path("tuned.zoo.safetensors")
      try model.save(to: path)
      let read = try TrainedModel(contentsOf: path)
      #expect(read.fineTuning == record)
      #expect(read.backbone.digest != place.backbone.digest)
      #expect(try features(read.backbone, place) == features(model.backbone, place))
      let validation = try #require(place.split.validation)
      #expect(try read.predict(validation).predictions == model.predict(validation).predictions)
      #expect(ArchiveVerification(path).isIntact)
      // What was measured while it was trained is what the network says as a whole.
      let loss = try read.evaluate(on: validation)["loss"] ?? .nan
      #expect(abs(loss - (model.history["val_loss"].last ?? 0)) < 1e-4)
      let summary = try NetworkCatalog().summary(ofFile: path)
      let counts = try place.backbone.trainedParameters(training: Self.head, options: options)
      #expect(summary.trainableParameterCount == counts.trainable)
      #expect(summary.parameterCount == counts.total)
      #expect(counts.trainable == record.parameterCount + model.head.parameterCount)
    }
  }

  @Test func cachedFeaturesOfTheSourceAreNotThoseOfTheResult() throws {
    try withPlace { place in
      let cache = ExtractionOptions(cache: FeatureCache(folder: place.path("cache")))
      let model = try place.backbone.train(
        Self.head, on: place.split, options: options(FineTuning(.lastBlocks(1))), extraction: cache)
      let tuned = try model.backbone.features(of: place.split.training, options: cache).features
      #expect(tuned.scalars == (try features(model.backbone, place)))
      let original = try place.backbone.features(of: place.split.training, options: cache).features
      #expect(original.scalars == (try features(place.backbone, place)))
      #expect(tuned != original)
    }
  }

  @Test func theHeadLearnsAloneAtFirst() throws {
    try withPlace { place in
      let early = try place.backbone.train(
        Self.head, on: place.split, options: options(FineTuning(.all, headEpochs: 2)))
      #expect(try features(early.backbone, place) == features(place.backbone, place))
      let frozen = try place.backbone.train(Self.head, on: place.split, options: options(nil))
      for (found, wanted) in zip(early.head.parameters, frozen.head.parameters) {
        let closeness = Closeness(found.tensor.scalars, wanted.tensor.scalars)
        #expect(closeness.isWithin(relative: 1e-3, absolute: 1e-4), "\(closeness)")
      }
      let late = try place.backbone.train(
        Self.head, on: place.split, options: options(FineTuning(.all, headEpochs: 1)))
      #expect(try features(late.backbone, place) != features(place.backbone, place))
    }
  }

  @Test(arguments: [1, 2])
  func aTrainingResumesToTheSameBits(_ epoch: Int) throws {
    try withPlace { place in
      let tuning = FineTuning(.lastBlocks(2), headEpochs: 1, learningRate: 0.001)
      let path = place.path("training.checkpoint")
      let wanted = try place.backbone.train(Self.head, on: place.split, options: options(tuning, epochs: 3))
      let first = try ModelCheckpoint(path)
      _ = try place.backbone.train(
        Self.head, on: place.split, options: options(tuning, epochs: epoch, callbacks: [first]))
      // With the archive's own layers below its head it would predict something else.
      #expect(throws: ModelZooError.onlyResumable(checkpoint: path)) { try TrainedModel(contentsOf: path) }
      var resumed = options(tuning, epochs: 3, callbacks: [try ModelCheckpoint(path)])
      resumed.epochs?.checkpoint = try TrainingCheckpoint(contentsOf: path)
      let model = try place.backbone.train(Self.head, on: place.split, options: resumed)
      #expect(model.history == wanted.history)
      #expect(try features(model.backbone, place) == features(wanted.backbone, place))
      #expect(model.head.parameters == wanted.head.parameters)
      let rates = try #require(model.record?.backboneLearningRates)
      #expect(rates.count == 3 && rates[0] == 0 && rates.dropFirst().allSatisfy { abs($0 - 0.001) < 1e-8 })
      #expect(rates == wanted.record?.backboneLearningRates)
    }
  }

  @Test func aFinishedModelIsTrainedFurtherWithLayersOfItsBackbone() throws {
    try withPlace { place in
      let first = try place.backbone.train(Self.head, on: place.split, options: options(nil))
      let path = place.path("first.zoo.safetensors")
      try first.save(to: path)
      let read = try TrainedModel(contentsOf: path)
      // Steps of no length leave the head where it is.
      var still = options(FineTuning(.lastBlocks(1), freezesBatchNormalization: true), epochs: 1)
      still.epochs?.optimizer = .sgd(learningRate: 1e-30)
      let same = try read.train(on: place.split, options: still)
      #expect(same.head.parameters == first.head.parameters)
      #expect(try features(same.backbone, place) == features(first.backbone, place))
      let further = try read.train(on: place.split, options: options(FineTuning(.lastBlocks(1))))
      #expect(
        further.origin?.digest == read.file?.digest && further.fineTuning?.source == read.backbone.digest)
      #expect(further.head.parameters != first.head.parameters)
      #expect(try features(further.backbone, place) != features(first.backbone, place))
    }
  }

  /// A head that is trained on a tuned backbone knows all that was learnt from, whatever it is trained on itself.
  @Test func whatABackboneLearntFromIsNotForgotten() throws {
    try withPlace { place in
      let path = place.path("tuned.zoo.safetensors")
      try place.backbone.train(Self.head, on: place.split, options: options(FineTuning(.lastBlocks(1))))
        .save(to: path)
      let tuned = try Backbone(contentsOf: path, options: BackboneOptions(size: 64))
      let learnt = try #require(tuned.learntImages)
      #expect(learnt.count > 0 && place.backbone.learntImages == nil)
      #expect(tuned.warnings.contains { $0.contains("trained on \(learnt.count) images") })
      let validation = try #require(place.split.validation)
      let others = try DatasetSplit(training: validation)
      let model = try tuned.train(Self.head, on: others, options: options(nil))
      #expect(model.parts(of: validation).others.items.isEmpty)
      #expect(model.parts(of: place.split.training).others.items.isEmpty)
    }
  }

  @Test func aTrainingIsResumedOnItsOwnBackboneAlone() throws {
    try withPlace { place in
      let path = place.path("training.checkpoint")
      let first = options(FineTuning(.lastBlocks(1)), epochs: 1, callbacks: [try ModelCheckpoint(path)])
      _ = try place.backbone.train(Self.head, on: place.split, options: first)
      let checkpoint = try TrainingCheckpoint(contentsOf: path)
      func resume(_ backbone: Backbone, _ tuning: FineTuning) throws {
        var resumed = options(tuning, callbacks: [try ModelCheckpoint(path)])
        resumed.epochs?.checkpoint = checkpoint
        _ = try backbone.train(Self.head, on: place.split, options: resumed)
      }
      let elsewhere = place.folder.appending(path: "elsewhere")
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      let other = try SyntheticArchive.write("mobilenet_v2_0.35", to: elsewhere, seed: 2)
      let archive = place.backbone.path
      for (path, pooling) in [(other, FeaturePooling.average), (archive, .maximum)] {
        let changed = try Backbone(contentsOf: path, options: BackboneOptions(size: 64, pooling: pooling))
        #expect(throws: TrainingError.self) { try resume(changed, FineTuning(.lastBlocks(1))) }
      }
      #expect(throws: TrainingError.self) {
        try resume(place.backbone, FineTuning(.lastBlocks(1), normalizationMomentum: 0.5))
      }
      // Edited into what a frozen training writes, it is still no model of the archive below it.
      let frozen = place.path("frozen.checkpoint")
      _ = try place.backbone.train(
        Self.head, on: place.split, options: options(nil, epochs: 1, callbacks: [try ModelCheckpoint(frozen)])
      )
      let sections = try TrainingCheckpoint(contentsOf: frozen).sections
      try TrainingCheckpoint(json: checkpoint.json, tensors: checkpoint.tensors, sections: sections).write(
        to: path)
      #expect(throws: ModelZooError.onlyResumable(checkpoint: path)) { try TrainedModel(contentsOf: path) }
    }
  }

  @Test func batchNormalizationsMayStay() throws {
    try withPlace { place in
      let tuning = FineTuning(.all, freezesBatchNormalization: true)
      let model = try place.backbone.train(Self.head, on: place.split, options: options(tuning, epochs: 1))
      let layers = try #require(model.fineTuning?.layers)
      #expect(layers.contains("Conv1") && !layers.contains { $0.hasSuffix("_bn") || $0.hasSuffix("_BN") })
    }
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    try withPlace { place in
      func train(_ tuning: FineTuning, _ change: (inout TrainingOptions) -> Void = { _ in }) throws {
        var options = options(tuning)
        change(&options)
        _ = try place.backbone.train(Self.head, on: place.split, options: options)
      }
      #expect(throws: CatalogError.unknownLayer("block_15_depthwis", nearest: "block_15_depthwise")) {
        try train(FineTuning(.from("block_15_depthwis")))
      }
      let nothing = ModelZooError.unfreezing(
        expected: "a pattern of layers' names, such as Conv_1_bn", found: "'block_99*', which is none's")
      #expect(throws: nothing) { try train(FineTuning(.matching("block_99*"))) }
      #expect(throws: ModelZooError.self) { try train(FineTuning(.lastBlocks(1000))) }
      #expect(throws: ModelZooError.self) {
        try train(FineTuning(.matching("*_BN"), freezesBatchNormalization: true))
      }
      #expect(throws: ModelZooError.self) {
        try train(FineTuning(.all)) { $0.fit = .linear(LinearFit(strength: .fixed(1))) }
      }
    }
  }
}

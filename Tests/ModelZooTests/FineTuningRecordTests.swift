import Encoding
import Foundation
import ModelZoo
import TestSupport
import Testing

/// What models say of the layers of their backbones that were trained.
@Suite struct FineTuningRecordTests {
  private static let head = Head { Dense(3, activation: .softmax) }

  private func withPlace(_ body: (Backbone, DatasetSplit, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 6)
      let archive = try SyntheticArchive.write("mobilenet_v2_0.35", to: folder)
      let split = try Dataset(folder: photos.path).split(validation: 0.34, seed: 1)
      try body(try Backbone(contentsOf: archive, options: BackboneOptions(size: 64)), split, folder)
    }
  }

  private func options(
    _ layers: BackboneLayers?, headEpochs: Int = 0, epochs: Int = 1, callbacks: [any TrainingCallback] = []
  ) -> TrainingOptions {
    var options = TrainingOptions(
      fit: .epochs(epochs, batchSize: 5, optimizer: .sgd(learningRate: 0.001), callbacks: callbacks), seed: 3)
    options.fineTuning = layers.map { FineTuning($0, headEpochs: headEpochs) }
    return options
  }

  /// A training that is over before the backbone's turn, or goes back to before it, has trained the head alone.
  @Test func aTrainingThatEndsWithTheHeadAloneSaysSo() throws {
    try withPlace { backbone, split, folder in
      // No epoch is better than the first by so much.
      let early = try EarlyStopping(patience: 1, minimumChange: 1e9)
      let restoring = try EarlyStopping(patience: 9, minimumChange: 1e9, restoresBest: true)
      let cases = [(early, "ended after epoch 2, before"), (restoring, "restored epoch 1 is before")]
      for (callback, ending) in cases {
        let options = options(.lastBlocks(1), headEpochs: 3, epochs: 4, callbacks: [callback])
        let warnings = Locked<[String]>([])
        let model = try backbone.startTraining(Self.head, on: split, options: options).wait { event in
          if case .warning(let sentence) = event { warnings.value.append(sentence) }
        }
        let said = warnings.value.first { $0.contains(ending) } ?? ""
        #expect(said.contains("epoch 4, with which"), "\(warnings.value)")
        #expect(model.fineTuning == nil && model.backbone.digest == backbone.digest)
        let path = folder.appending(path: "model.zoo.safetensors").path
        try model.save(to: path)
        #expect(try TrainedModel(contentsOf: path).fineTuning == nil)
        let summary = try NetworkCatalog().summary(ofFile: path)
        #expect(summary.trainableParameterCount == model.head.parameterCount)
        let page = try #require(TrainingReport(on: model)).html()
        #expect(page.contains("No layer of the backbone was trained"))
        #expect(!page.contains("in part trained"))
      }
    }
  }

  /// Layers stay trained whatever is trained after them; what a summary counts is what the last training trained.
  @Test func trainingsAddUp() throws {
    try withPlace { backbone, split, folder in
      func path(_ name: String) -> String { folder.appending(path: name).path }
      try backbone.train(Self.head, on: split, options: options(.from("block_16_project")))
        .save(to: path("first"))
      let first = try TrainedModel(contentsOf: path("first"))
      let earlier = try #require(first.fineTuning)
      let second = try first.train(on: split, options: options(.matching("block_15_*")))
      try second.save(to: path("second"))
      let record = try #require(second.fineTuning)
      #expect(record.layers == record.lastTraining.layers + earlier.layers)
      #expect(record.parameterCount == record.lastTraining.parameterCount + earlier.parameterCount)
      #expect(record.source == first.backbone.digest)
      #expect(try TrainedModel(contentsOf: path("second")).fineTuning == record)
      let head = second.head.parameterCount
      let summary = try NetworkCatalog().summary(ofFile: path("second"))
      #expect(summary.trainableParameterCount == record.lastTraining.parameterCount + head)
      let page = try #require(TrainingReport(on: second)).html()
      let trained = (record.lastTraining.parameterCount + head).grouped
      #expect(page.contains(trained), "\(trained)")

      // A head alone, on the tuned backbone as it is in memory and as it is in the file.
      let tuned = try Backbone(contentsOf: path("second"), options: BackboneOptions(size: 64))
      for backbone in [second.backbone, tuned] {
        let third = try backbone.train(Self.head, on: split, options: options(nil))
        let kept = try #require(third.fineTuning)
        #expect(kept.layers == record.layers && kept.parameterCount == record.parameterCount)
        #expect(kept.lastTraining.layers.isEmpty)
        try third.save(to: path("third"))
        #expect(try TrainedModel(contentsOf: path("third")).fineTuning == kept)
        #expect(try NetworkCatalog().summary(ofFile: path("third")).trainableParameterCount == head)
      }
    }
  }

  @Test func theNetworkIsCountedUpToItsFeatures() throws {
    try withPlace { whole, split, folder in
      let cut = try Backbone(
        contentsOf: whole.path, options: BackboneOptions(size: 64, layer: "block_13_expand_relu"))
      let options = options(.from("block_12_expand"))
      let counts = try cut.trainedParameters(training: Self.head, options: options)
      let model = try cut.train(Self.head, on: split, options: options)
      let path = folder.appending(path: "cut").path
      try model.save(to: path)
      let summary = try NetworkCatalog().summary(ofFile: path)
      #expect(counts.total == summary.parameterCount && counts.trainable == summary.trainableParameterCount)
      #expect(try counts.total < whole.trainedParameters(training: Self.head).total)
    }
  }

  /// What is below all trained layers is the image itself, which needs no second copy.
  @Test func pixelsAreNotCached() throws {
    try withPlace { backbone, split, folder in
      let folder = folder.appending(path: "cache")
      let extraction = ExtractionOptions(cache: FeatureCache(folder: folder.path))
      func size(_ layers: BackboneLayers) throws -> Int {
        _ = try backbone.train(Self.head, on: split, options: options(layers), extraction: extraction)
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return files?.compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath }.count ?? 0
      }
      let (none, some) = (try size(.all), try size(.lastBlocks(1)))
      #expect(none == 0 && some > 0)
    }
  }

  @Test func layersOfTheHeadAreNotOfTheBackbone() throws {
    try withPlace { backbone, split, _ in
      for layers in [BackboneLayers.from("head/dense"), .matching("head/*")] {
        let error = #expect(throws: ModelZooError.self) {
          try backbone.train(Self.head, on: split, options: options(layers))
        }
        #expect("\(error as Any)".contains("which is trained anyway"))
      }
    }
  }
}

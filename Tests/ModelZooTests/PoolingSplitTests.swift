import Foundation
import ModelZoo
import TestSupport
import Testing

/// A network whose features are pooled ahead of its last layer, as those of ConvNeXt are, against Keras
/// (`Tests/Fixtures/pools-ahead/make.py`).
@Suite struct PoolingSplitTests {
  private func image() throws -> Bitmap {
    let pixels = (0..<16 * 16 * 3).map { index in
      let (row, column, channel) = (index / 48, index / 3 % 16, index % 3)
      return UInt8((37 * row + 11 * column + 71 * channel + row * column) % 256)
    }
    return try Bitmap(width: 16, height: 16, pixels: pixels)
  }

  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: Repository.fixture("pools-ahead/\(file)"), encoding: .utf8)
  }

  /// An archive of the network, whose entry says ahead of which layer it pools.
  private func withArchive<Result>(
    ahead layer: String = "norm", _ body: (String, NetworkCatalog) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      let entry = folder.appending(path: "zoo/ahead")
      try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
      let facts = EntryFacts(preprocessing: .unscaled, identifier: "ahead")
      let drafted = try DraftedEntry(
        fromKeras: Repository.fixture("pools-ahead/architecture.json"), facts)
      let lines = drafted.text.replacing(
        "  \"claims\":", with: "  \"poolsAhead\": \"\(layer)\",\n  \"claims\":")
      try lines.write(to: entry.appending(path: "model.json"), atomically: true, encoding: .utf8)
      let catalog = try NetworkCatalog(adding: [folder.appending(path: "zoo").path])
      let archive = folder.appending(path: "ahead.zoo.safetensors").path
      try catalog.convert(Repository.fixture("pools-ahead/ahead.weights.h5.gz"), to: archive)
      return try body(archive, catalog)
    }
  }

  @Test(arguments: [FeaturePooling.average, .maximum, .none]) func featuresAreKerass(pooling: FeaturePooling)
    throws
  {
    let expected = try JSONDecoder().decode([String: [Float]].self, from: Data(text("expected.json").utf8))
    try withArchive { archive, _ in
      let options = BackboneOptions(pooling: pooling, isExact: true)
      let features = try Backbone(contentsOf: archive, options: options).features(of: image())
      let wanted = try #require(expected[pooling.rawValue])
      let closeness = Closeness(features.scalars, wanted)
      #expect(closeness.isWithin(.features), "\(pooling): \(closeness)")
      #expect(features.shape.rank == (pooling == .none ? 3 : 1))
    }
  }

  /// What a file's own classifier pools is what its network gives, whatever the catalog pools for features.
  @Test(arguments: ["avg", "max"]) func classifiersPoolWhereTheirFileDoes(pooling: String) throws {
    let expected = try JSONDecoder().decode([String: [Float]].self, from: Data(text("expected.json").utf8))
    try withArchive { archive, catalog in
      let file = archive + ".classifier"
      let report = try catalog.convert(
        Repository.fixture("pools-ahead/classifier-\(pooling).keras"), to: file)
      #expect(report.recognition.network == "ahead")
      let prediction = try TrainedModel(contentsOf: file, isExact: true).predict(image())
      let wanted = try #require(expected["classifier \(pooling)"])
      for score in prediction.scores {
        let right = wanted[Int(score.label) ?? 0]
        #expect(
          abs(score.probability - right) < 1e-5, "\(score.label): \(score.probability), expected \(right)")
      }
    }
  }

  /// A head reads what was pooled and normalised; its explanation goes back through both, and its summary shows both.
  @Test func headsReadWhatWasNormalised() throws {
    try withArchive { archive, catalog in
      let photos = URL(fileURLWithPath: archive + ".photos")
      try DrawnImages.write(to: photos, perClass: 2, size: 16)
      let model = try Backbone(contentsOf: archive).train(
        Head { Dense(3, activation: .softmax) }, on: Dataset(folder: photos.path),
        options: TrainingOptions(fit: .epochs(2, batchSize: 4), seed: 5))
      let file = archive + ".model"
      try model.save(to: file)
      let read = try TrainedModel(contentsOf: file)
      let prediction = try read.predict(image())
      let explanation = try Explainer(read).explain(image(), file: "image", label: "discs")
      for score in prediction.scores {
        let other = explanation.prediction.scores.first { $0.label == score.label }
        #expect(abs(score.probability - (other?.probability ?? 2)) < 1e-5)
      }
      #expect(explanation.heat.width == 5 && explanation.heat.height == 5)
      let layers = try catalog.summary(ofFile: file).layers.map(\.type)
      #expect(layers.suffix(3) == ["GlobalAveragePooling2D", "LayerNormalization", "Dense"])
    }
  }

  /// Nothing can be pooled ahead of what reads more than a pixel.
  @Test(arguments: ["body", "image", "nosuch"]) func otherLayersAreRefused(layer: String) throws {
    let error = #expect(throws: CatalogError.self) {
      try withArchive(ahead: layer) { archive, _ in try Backbone(contentsOf: archive) }
    }
    #expect(error?.description.contains("poolsAhead is \(layer); expected") == true)
  }

  /// What is trained behind the pooling is what the saved model computes with.
  @Test(arguments: ["norm", nil]) func layersAreTrainedOnBothSidesOfThePooling(_ first: String?) throws {
    try withArchive { archive, _ in
      try withTemporaryFolder { folder in
        try DrawnImages.write(to: folder.appending(path: "photos"), perClass: 6)
        let split = try Dataset(folder: folder.appending(path: "photos").path).split(
          validation: 0.34, seed: 1)
        var options = TrainingOptions(
          fit: .epochs(2, batchSize: 5, optimizer: .adam(learningRate: 0.01)), seed: 3)
        options.fineTuning = FineTuning(first.map { .from($0) } ?? .all)
        let model = try Backbone(contentsOf: archive).train(
          Head { Dense(3, activation: .softmax) }, on: split, options: options)
        #expect(model.fineTuning?.layers.last == "norm")
        let path = folder.appending(path: "tuned.zoo.safetensors").path
        try model.save(to: path)
        let validation = try #require(split.validation)
        let measured = try #require(try TrainedModel(contentsOf: path).evaluate(on: validation)["loss"])
        let seen = try #require(model.history.epochs.last?["val_loss"])
        #expect(abs(measured - seen) < 1e-4 * max(1, seen), "\(measured) \(seen)")
      }
    }
  }
}

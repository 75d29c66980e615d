import Foundation
import ModelZoo
import TestSupport
import Testing

/// Classifiers of many forms, converted whole and without their top, and layers that are seldom written, against Keras
/// (`Tests/Fixtures/tops/make.py`, `make_keras2.py`).
@Suite struct TopTests {
  private struct Expected: Decodable {
    let scores: [Float]?
    let features: [Float]?
    let pooling: String?
  }

  private func expected(_ name: String) throws -> Expected { try expectedOfKeras("tops", name) }

  private func withArchive<Result>(
    of name: String, _ suffix: String = ".keras", _ options: ConversionOptions = ConversionOptions(),
    _ body: (String, ConversionReport) throws -> Result
  ) throws -> Result {
    try withConverted("tops/\(name)\(suffix).gz", options, body)
  }

  private func scores(_ archive: String) throws -> [Float] {
    try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage()).scores
      .sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
  }

  /// What differs is the form of the classifier: where it begins, and what it is made of, is found from the graph.
  private static let tops: [(name: String, suffix: String, dropped: [String])] = [
    ("reshaped", ".keras", ["dense"]), ("layers", ".keras", ["dense_1", "dense_2"]),
    ("covering", ".keras", ["conv2d"]), ("squeezed", ".h5", ["conv2d_1"]), ("maps", ".keras", ["classes"]),
    ("mobile", ".h5", ["conv2d_2"]), ("pixel", ".keras", ["conv2d_3"]),
    ("twice", ".keras", ["conv2d_5", "conv2d_4"]), ("normalised", ".keras", ["dense_3"]),
    ("outputs", ".keras", ["common", "kind", "age"]),
  ]

  @Test(arguments: tops) func theTopIsLeftOut(name: String, suffix: String, dropped: [String]) throws {
    let wanted = try expected(name)
    try withArchive(of: name, suffix, ConversionOptions(dropsTop: true)) { archive, report in
      #expect(Set(report.droppedLayers) == Set(dropped))
      let pooling = try #require(wanted.pooling.flatMap(FeaturePooling.init))
      let options = BackboneOptions(pooling: pooling, isExact: true)
      let features = try Backbone(contentsOf: archive, options: options).features(of: fixtureImage())
      let closeness = Closeness(features.scalars, try #require(wanted.features))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  /// Whole, it predicts as Keras does, its features are those below the classifier, and an explanation has a map.
  @Test(arguments: tops.filter { $0.name != "outputs" })
  func theWholeModelPredicts(name: String, suffix: String, dropped: [String]) throws {
    let wanted = try expected(name)
    try withArchive(of: name, suffix) { archive, report in
      #expect(report.droppedLayers == [] && report.recognition.classCount == 4)
      let closeness = Closeness(try scores(archive), try #require(wanted.scores))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
      let pooling = try #require(wanted.pooling.flatMap(FeaturePooling.init))
      let options = BackboneOptions(pooling: pooling, isExact: true)
      let backbone = try Backbone(contentsOf: archive, options: options)
      let features = Closeness(
        try backbone.features(of: fixtureImage()).scalars, try #require(wanted.features))
      #expect(features.isWithin(.features), "\(name): \(features)")
      let explanation = try Explainer(TrainedModel(contentsOf: archive)).explain(
        fixtureImage(), file: "image")
      #expect(explanation.heat.width == 5 && explanation.heat.height == 5)
      let found = explanation.prediction.scores.first?.probability ?? 0
      #expect(abs(found - (wanted.scores?.max() ?? 1)) < 1e-4)
    }
  }

  /// Models of several outputs are converted without them, and not whole.
  @Test func severalOutputsAreOneNetwork() throws {
    let error = #expect(throws: ConversionError.self) { try withArchive(of: "outputs") { _, _ in } }
    #expect(error?.description.contains("the model has 2 outputs") == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("overall", ".keras"), ("overall_legacy", ".h5"), ("overall_weights", ".weights.h5"),
    ("inverted", ".keras"), ("endless", ".keras"), ("augmented", ".keras"), ("overall_keras2", ".h5"),
    ("channels_keras2", ".h5"),
  ])
  func rareLayersComputeAsInKeras(name: String, suffix: String) throws {
    let isWeights = suffix == ".weights.h5"
    let architecture = isWeights ? Repository.fixture("tops/\(name).json") : nil
    let options = ConversionOptions(architecture: architecture)
    try withArchive(of: name, suffix, options) { archive, _ in
      let closeness = Closeness(try scores(archive), try #require(expected(name).scores))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  /// Weights are those of the file; that Keras rounds on the way is said once.
  @Test func halfPrecisionIsSaid() throws {
    try withArchive(of: "half") { archive, report in
      let sentences = report.recognition.reasons.map(\.description).filter { $0.contains("float16") }
      #expect(
        sentences.count == 1 && sentences.first?.contains("computed in float32") == true, "\(sentences)")
      let wanted = try #require(expected("half").scores)
      #expect(try zip(scores(archive), wanted).allSatisfy { abs($0 - $1) < 2e-3 })
    }
    try withArchive(of: "layers") { _, report in
      #expect(!report.recognition.reasons.contains { $0.description.contains("float16") })
    }
  }
}

import Foundation
import KerasWeights
import ModelZoo
import TestSupport
import Testing

/// Where features of whole models end, whatever their scores are made of, against Keras (`Tests/Fixtures/scores/make.py`).
@Suite struct ScoreTests {
  private struct Expected: Decodable {
    let scores: [Float]?
    let features: [Float]?
    /// What the model pools, where the features are more than pooled.
    let maps: [Float]?
  }

  private func expected(_ name: String) throws -> Expected { try expectedOfKeras("scores", name) }

  private func withArchive<Result>(
    of name: String, _ suffix: String = ".keras", dropsTop: Bool = false,
    _ body: (String, ConversionReport) throws -> Result
  ) throws -> Result {
    try withConverted("scores/\(name)\(suffix).gz", ConversionOptions(dropsTop: dropsTop), body)
  }

  private func features(_ archive: String, _ pooling: FeaturePooling) throws -> [Float] {
    let options = BackboneOptions(pooling: pooling, isExact: true)
    return try Backbone(contentsOf: archive, options: options).features(of: fixtureImage()).scalars
  }

  private func scores(_ archive: String) throws -> [Float] {
    try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage()).scores
      .sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
  }

  private static let scored = [
    "bare", "separable", "averaged", "largest", "quarters", "sigmoids", "softmaxes", "shaped", "column",
    "temperature", "rescaled", "kept", "flattened", "reshaped", "dropped", "rowed", "batched", "wide",
    "ensemble", "committee", "depths",
  ]
  /// What was pooled and normalised is a row already.
  private static let rows = ["dropped", "rowed", "batched"]
  /// Nothing but their pooling tells that what they give are scores.
  private static let guessed = ["bare", "separable", "largest", "quarters", "summits"]

  private func suffix(_ name: String) -> String { name == "reshaped" ? ".h5" : ".keras" }

  /// With and without the classifier, features are those that Keras gives below it.
  @Test(arguments: scored + ["segments", "summits"]) func featuresEndBelowTheScores(name: String) throws {
    let wanted = try #require(expected(name).features)
    let pooling: FeaturePooling = Self.rows.contains(name) ? .average : .none
    let whole = try withArchive(of: name, suffix(name)) { archive, report in
      let notes = report.recognition.featureNotes
      #expect(notes.isEmpty != Self.guessed.contains(name), "\(notes)")
      #expect(notes.allSatisfy { $0.contains("those of") && $0.contains("(5, 5, 6); without") }, "\(notes)")
      let closeness = Closeness(try features(archive, pooling), wanted)
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
      return try features(archive, .automatic)
    }
    try withArchive(of: name, suffix(name), dropsTop: true) { archive, report in
      #expect(!report.droppedLayers.isEmpty)
      let closeness = Closeness(try features(archive, pooling), wanted)
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
      #expect(try features(archive, .automatic) == whole)
    }
  }

  @Test(arguments: scored) func theWholeModelPredicts(name: String) throws {
    try withArchive(of: name, suffix(name)) { archive, _ in
      var wanted = try #require(expected(name).scores)
      // Scores without an activation become probabilities.
      if Self.guessed.contains(name) {
        let sum = wanted.reduce(0) { $0 + exp($1) }
        wanted = wanted.map { exp($0) / sum }
      }
      let closeness = Closeness(try scores(archive), wanted)
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  /// A classifier with convolutions and poolings of its own is explained as others are.
  @Test(arguments: ["separable", "averaged", "quarters", "sigmoids", "temperature", "kept"])
  func itsEvidenceIsShown(name: String) throws {
    try withArchive(of: name) { archive, _ in
      let explanation = try Explainer(TrainedModel(contentsOf: archive)).explain(
        fixtureImage(), file: "image")
      #expect(explanation.heat.width == 5 && explanation.heat.height == 5)
    }
  }

  /// Of branches that stay in the network, features end where all of them begin, and that is said.
  @Test func whatStandsBehindTheFeaturesIsSaid() throws {
    try withArchive(of: "committee") { archive, _ in
      let backbone = try Backbone(contentsOf: archive)
      #expect(backbone.options.layer == "body" && backbone.featureShape == [6])
      let notices = backbone.notices.map(\.description)
      #expect(notices.contains { $0.contains("the layer body, (5, 5, 6)") }, "\(notices)")
    }
  }

  /// What normalises a row that was pooled gives no features without pooling: they end at what is pooled, and that is said.
  @Test(arguments: rows, [false, true])
  func withoutPoolingFeaturesAreWhatIsPooled(name: String, dropsTop: Bool) throws {
    try withArchive(of: name, dropsTop: dropsTop) { archive, _ in
      let closeness = Closeness(try features(archive, .none), try #require(expected(name).maps))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(pooling: .none))
      #expect(backbone.options.layer == "body" && backbone.featureShape == [5, 5, 6])
      let notices = backbone.notices.map(\.description)
      let said = "the layer body, (5, 5, 6), which the model pools"
      #expect(notices.contains { $0.contains(said) }, "\(notices)")
    }
  }

  /// Another pooling than the model's gives what is behind it numbers that it never learnt of.
  @Test(arguments: [false, true]) func anotherPoolingBelowLayersThatLearntIsSaid(dropsTop: Bool) throws {
    try withArchive(of: "dropped", dropsTop: dropsTop) { archive, _ in
      func warnings(_ pooling: FeaturePooling) throws -> [String] {
        try Backbone(contentsOf: archive, options: BackboneOptions(pooling: pooling)).warnings
      }
      let said = try warnings(.maximum)
      #expect(said.contains { $0.contains("'max', but") && $0.contains("(norm)") }, "\(said)")
      #expect(try warnings(.average).allSatisfy { !$0.contains("pooled by") })
    }
  }

  /// Keras's order, also where the classifier begins with a pooling ahead of layers of the network.
  @Test(arguments: rows + ["depths", "bare"]) func filesAreSummarisedAsTheirArchives(name: String) throws {
    try withArchive(of: name) { archive, _ in
      let catalog = try NetworkCatalog()
      let layers = try catalog.summary(ofFile: Repository.fixture("scores/\(name).keras.gz")).layers
      #expect(try layers.map(\.name) == catalog.summary(ofFile: archive).layers.map(\.name))
      guard let norm = layers.first(where: { $0.type == "LayerNormalization" }) else { return }
      #expect(norm.outputShape.last == 6 && norm.outputShape.dropLast().allSatisfy { $0 == 1 }, "\(norm)")
    }
  }

  /// A part of the network that goes with the classifier is named when the model is converted, and when it is to be trained.
  @Test func whatGoesWithTheClassifierIsSaid() throws {
    try withArchive(of: "depths") { archive, report in
      let reasons = report.recognition.reasons.map(\.description)
      #expect(
        reasons.contains {
          $0.contains("features are those of body, (5, 5, 6)")
            && $0.contains("with the classifier goes deeper, average")
        }, "\(reasons)")
      let error = #expect(throws: ModelZooError.self) {
        var options = TrainingOptions()
        options.fineTuning = FineTuning(.from("deeper"))
        let head = Head { Dense(3, activation: .softmax) }
        _ = try Backbone(contentsOf: archive).trainedParameters(training: head, options: options)
      }
      #expect(error?.description.contains("found deeper, behind that, with the model's classifier") == true)
    }
    try withArchive(of: "bare") { _, report in
      #expect(report.recognition.reasons.allSatisfy { !$0.description.contains("with the classifier goes") })
    }
  }

  /// What is not converted is not summarised either, for the same reason.
  @Test func whyAFileCannotBeFollowedIsSaidOfItsSummary() throws {
    let path = Repository.fixture("scores/pair.keras.gz")
    let catalog = try NetworkCatalog()
    let refused = #expect(throws: ConversionError.self) { try catalog.conversion(of: path) }
    let error = #expect(throws: ConversionError.self) { try catalog.summary(ofFile: path) }
    #expect(error?.description.contains("the model has 2 outputs") == true)
    #expect(error?.family == refused?.family)
  }

  @Test(arguments: ["pair", "mixture"]) func branchesWithOutputsOfTheirOwnAreLeftOut(name: String) throws {
    try withArchive(of: name, dropsTop: true) { archive, report in
      #expect(report.droppedLayers.count == 2)
      let closeness = Closeness(try features(archive, .none), try #require(expected(name).features))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  @Test(arguments: ["activated", "standardised", "pooled", "residual"], [false, true])
  func networksOfFeaturesStayWhole(name: String, dropsTop: Bool) throws {
    try withArchive(of: name, dropsTop: dropsTop) { archive, report in
      #expect(report.droppedLayers.isEmpty && report.recognition.featureNotes.isEmpty)
      let closeness = Closeness(try features(archive, .none), try #require(expected(name).features))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  @Test(arguments: [
    ("everywhere", ".keras"), ("places", ".keras"), ("rows", ".keras"), ("columns", ".keras"),
    ("given", ".keras"), ("given_inverted", ".keras"), ("legacy", ".h5"), ("legacy_overall", ".h5"),
    ("legacy_everywhere", ".h5"),
  ])
  func normalisesAlongAxes(name: String, suffix: String) throws {
    try withArchive(of: name, suffix) { archive, _ in
      let closeness = Closeness(try scores(archive), try #require(expected(name).scores))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  @Test func namesThatChangeAreSaid() throws {
    try withArchive(of: "blanks", ".h5") { archive, report in
      let sentence = report.recognition.reasons.map(\.description).first {
        $0.contains("have no blanks here")
      }
      #expect(sentence?.contains(#"'my conv\u{A}' is my_conv_"#) == true, "\(sentence ?? "nothing is said")")
      #expect(sentence?.contains("tttt…tttt") == true)
      let closeness = Closeness(try scores(archive), try #require(expected("blanks").scores))
      #expect(closeness.isWithin(.features), "\(closeness)")
    }
  }

  @Test func namesThatLookAlikeAreSaidToDoSo() throws {
    let path = Repository.fixture("scores/alike.h5.gz")
    let error = #expect(throws: KerasWeightsError.self) { try NetworkCatalog().conversion(of: path) }
    #expect(error?.description.contains("names that differ in their Unicode form alone: caf") == true)
  }

  @Test func aModelThatLearnsNothingIsNamedForIt() throws {
    let path = Repository.fixture("scores/weightless.keras.gz")
    let error = #expect(throws: ConversionError.self) { try NetworkCatalog().conversion(of: path) }
    #expect(error?.description.contains("(Rescaling, GlobalAveragePooling2D, Softmax)") == true)
    #expect(error?.family == .unsupported)
  }
}

import Foundation
import ModelZoo
import TensorArchive
import TestSupport
import Testing

/// Whole models that Keras saved, converted by the graph that each describes, against what Keras predicts
/// (`Tests/Fixtures/whole-models/make.py`, `Tests/Fixtures/changed-graph/make.py`).
@Suite struct WholeModelTests {
  private static let classifiers = [
    "rescaled", "deep", "front", "operators", "caffe", "convolution", "averages", "gray",
    "teachable", "session", "resized", "sequence", "rows", "volume", "turned",
    "anysize", "keras1_sequential", "keras1_merged", "hard",
  ]

  private func expected(_ folder: String, _ name: String) throws -> [Float] {
    try expectedOfKeras(folder, name)
  }

  private func withArchive<Result>(
    of fixture: String, _ options: ConversionOptions = ConversionOptions(),
    _ body: (String, ConversionReport) throws -> Result
  ) throws -> Result {
    try withConverted("\(fixture).h5", options, body)
  }

  @Test(arguments: classifiers)
  func predictsAsKerasDoes(fixture: String) throws {
    try withArchive(of: "whole-models/\(fixture)") { archive, report in
      #expect(report.recognition.isOwnGraph)
      let model = try TrainedModel(contentsOf: archive, isExact: true)
      let prediction = try model.predict(fixtureImage())
      let scores = prediction.scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }
      let wanted = try expected("whole-models", fixture)
      let found = wanted.count == 1 ? [scores[1].probability] : scores.map(\.probability)
      let closeness = Closeness(found, wanted)
      #expect(closeness.isWithin(.features), "\(fixture): \(closeness)")
    }
  }

  /// What resizes images inside a network of any size does so when they are read: no other size comes first.
  @Test func aNetworkThatResizesIsFedImagesAsTheyAre() throws {
    try withArchive(of: "whole-models/anysize") { archive, report in
      #expect(
        report.recognition.reasons.contains {
          $0.description.hasSuffix(
            "and resizes them to 11x9 itself: that is done when they are read, by tf-bilinear")
        })
      let model = try TrainedModel(contentsOf: archive)
      #expect(model.backbone.inputShape == [11, 9, 3])
      #expect(model.backbone.recipe.interpolation == .tensorFlowBilinear)
      let summary = try NetworkCatalog().summary(ofFile: archive)
      #expect(!summary.layers.contains { $0.type == "Resizing" })
    }
  }

  /// How images are resized is kept with the model, and may be said anew.
  @Test func keepsHowImagesAreResized() throws {
    let options = ConversionOptions(interpolation: .bilinear)
    for (fixture, options, wanted) in [
      ("rescaled", options, Interpolation.bilinear), ("rescaled", ConversionOptions(), .nearest),
    ] {
      try withArchive(of: "whole-models/\(fixture)", options) { archive, _ in
        let (model, alone) = (try TrainedModel(contentsOf: archive), try Backbone(contentsOf: archive))
        #expect(model.backbone.recipe.interpolation == wanted && alone.recipe.interpolation == wanted)
        let other = try TrainedModel(contentsOf: archive, interpolation: .lanczos)
        #expect(other.backbone.recipe.interpolation == .lanczos)
        let backbone = try Backbone(
          contentsOf: archive, options: BackboneOptions(interpolation: .tensorFlowBilinear))
        #expect(backbone.recipe.interpolation == .tensorFlowBilinear)
      }
    }
    try withArchive(of: "whole-models/features", options) { archive, _ in
      let recipe = try Backbone(contentsOf: archive).recipe
      #expect(recipe.interpolation == .bilinear)
    }
  }

  /// What an archive says of images is a stranger's, too.
  @Test(arguments: [
    (#"{"height": 0}"#, "expected images of 1 to "), (#"{"width": 70000000}"#, "expected images of 1 to "),
    (#"{"interpolation": "nearby"}"#, "interpolation: "), ("[", "valid JSON"),
  ])
  func readsNoImpossibleImages(section: String, sentence: String) throws {
    try withArchive(of: "whole-models/features") { archive, _ in
      let source = try Archive(contentsOf: archive)
      var manifest = try #require(source.manifest)
      manifest.sections["images"] = section
      let changed = archive + ".changed"
      try ArchiveWriter.write(to: changed, manifest: manifest, copying: source)
      let error = #expect(throws: CatalogError.self) { try Backbone(contentsOf: changed) }
      #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
      #expect(ArchiveVerification(changed).verdict == .unfit)
    }
  }

  /// What can be described and not be run is said when it is converted, not when somebody predicts.
  @Test func whatCannotBeRunIsNotConverted() throws {
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "model.zoo.safetensors").path
      let file = Repository.fixture("whole-models/broadcast.h5")
      let error = #expect(throws: ConversionError.self) {
        try NetworkCatalog().convert(file, to: archive)
      }
      #expect(
        error
          == .notRunnable(
            path: file, reason: "layer scaled: its inputs differ in shape; expected equal ones"))
      #expect(error?.family == .unsupported)
      #expect(!FileManager.default.fileExists(atPath: archive))
    }
  }

  /// What of a classifier does not fit its own architecture is listed as what of a network does.
  @Test func aClassifierOfAnotherShapeIsListed() throws {
    let error = #expect(throws: ConversionError.self) {
      try NetworkCatalog().conversion(of: Repository.fixture("whole-models/misshapen.h5"))
    }
    guard case .mismatch(_, let lists)? = error else {
      Issue.record("\(error?.description ?? "nothing is thrown")")
      return
    }
    #expect(lists.wrongShape == ["head/dense/kernel: expected (4, 3), found (5, 3)"])
    #expect(lists.applied.count == 10 && lists.missing == [] && lists.unused == [])
    try withArchive(of: "whole-models/misshapen", ConversionOptions(dropsTop: true)) { _, report in
      #expect(report.droppedLayers == ["dense"])
    }
  }

  @Test func keepsTheNamesOfClasses() throws {
    let options = ConversionOptions(labels: ["cat", "dog", "ant"])
    try withArchive(of: "whole-models/rescaled", options) { archive, _ in
      let labels = try TrainedModel(contentsOf: archive).labels
      #expect(labels == ["cat", "dog", "ant"])
    }
    let catalog = try NetworkCatalog()
    let error = #expect(throws: ConversionError.self) {
      try catalog.conversion(
        of: Repository.fixture("whole-models/rescaled.h5"), options: ConversionOptions(labels: ["cat"]))
    }
    #expect(
      error == .labels(path: Repository.fixture("whole-models/rescaled.h5"), expected: 3, found: 1))
  }

  /// A backbone alone is no trained model; its features are Keras's.
  @Test func featuresAreKerass() throws {
    try withArchive(of: "whole-models/features") { archive, report in
      #expect(report.recognition.classCount == nil && report.droppedLayers == [])
      let backbone = try Backbone(
        contentsOf: archive, options: BackboneOptions(pooling: .none, isExact: true))
      #expect(backbone.trainedPreprocessing == .unscaled && backbone.warnings == [])
      let closeness = Closeness(
        try backbone.features(of: fixtureImage()).scalars, try expected("whole-models", "features"))
      #expect(closeness.isWithin(.features), "\(closeness)")
    }
  }

  /// Numbers that were learnt for their own sake are no classes; the same layers trained to tell two apart give scores of them.
  @Test func theLossTellsNumbersFromScores() throws {
    try withArchive(of: "whole-models/regression") { archive, report in
      #expect(report.recognition.classCount == nil && report.droppedLayers == [])
      #expect(report.recognition.reasons.contains { "\($0)".contains("trained with mean_squared_error") })
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(isExact: true))
      let closeness = Closeness(
        try backbone.features(of: fixtureImage()).scalars, try expected("whole-models", "regression"))
      #expect(closeness.isWithin(.features), "\(closeness)")
    }
    try withArchive(of: "whole-models/scores") { archive, report in
      #expect(report.recognition.classCount == 2)
      let score = try expected("whole-models", "scores")[0]
      let prediction = try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage())
      let probability = prediction.scores.first { $0.label == "1" }?.probability ?? 0
      #expect(abs(probability - 1 / (1 + exp(-score))) < 1e-6)
    }
  }

  /// Scores that were each trained for itself become probabilities each for itself.
  @Test func severalScoresOfTheirOwnBecomeProbabilities() throws {
    try withArchive(of: "whole-models/several") { archive, report in
      #expect(report.recognition.classCount == 3)
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage()).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
      let wanted = try expected("whole-models", "several").map { 1 / (1 + exp(-$0)) }
      #expect(Closeness(found, wanted).isWithin(.features), "\(found)")
      #expect(abs(found.reduce(0, +) - 1) > 0.01, "these are no parts of one")
    }
  }

  /// One number of which nothing says what it is stays what it is, until somebody names two classes.
  @Test func oneNumberAloneIsNoClass() throws {
    let number = try expected("whole-models", "alone")
    try withArchive(of: "whole-models/alone") { archive, report in
      #expect(report.recognition.classCount == nil && report.recognition.givesNumbers)
      #expect(report.recognition.reasons.contains { "\($0)".contains("nothing says that it is a score") })
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(isExact: true))
      let features = try backbone.features(of: fixtureImage())
      #expect(Closeness(features.scalars, number).isWithin(.features))
      let error = #expect(throws: ModelZooError.self) { try TrainedModel(contentsOf: archive) }
      #expect(error == .givesNumbers(archive: archive))
    }
    try withArchive(of: "whole-models/alone", ConversionOptions(labels: ["cat", "dog"])) { archive, _ in
      let prediction = try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage())
      let dog = prediction.scores.first { $0.label == "dog" }?.probability ?? 0
      #expect(abs(dog - 1 / (1 + exp(-number[0]))) < 1e-6)
    }
  }

  /// What is assumed of a model is said.
  @Test func saysWhichSizeIsTakenForAnySize() throws {
    try withArchive(of: "whole-models/open") { archive, report in
      #expect(
        report.recognition.reasons.contains {
          $0.description
            == "the model takes images of any size: they are resized to 224x224 pixels first, unless another size is asked for"
        })
      let model = try TrainedModel(contentsOf: archive)
      #expect(model.backbone.inputShape == [224, 224, 3])
    }
  }

  @Test(arguments: [
    ("four", "its images have 4 channels; expected 3, or 1"),
    ("two", "the model has 2 outputs (kind, age); expected one; save a model of one of them"),
  ])
  func refusesWhatCannotBeRun(fixture: String, reason: String) throws {
    let error = #expect(throws: ConversionError.self) {
      try NetworkCatalog().conversion(of: Repository.fixture("whole-models/\(fixture).h5"))
    }
    #expect(
      error?.family == .unsupported && error?.description.contains(reason) == true,
      "\(error?.description ?? "")")
  }

  /// A factor behind probabilities makes no others of them: it is left out, and that is said.
  @Test func aFactorBehindProbabilitiesIsLeftOut() throws {
    try withArchive(of: "whole-models/doubled") { archive, report in
      let reasons = report.recognition.reasons.map(\.description)
      #expect(reasons.contains { $0.contains("multiplied by 2.0 at the end") }, "\(reasons)")
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage()).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map { 2 * $0.probability }
      let wanted = try expected("whole-models", "doubled")
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found), \(wanted)")
    }
  }

  /// Numbers that no activation of probabilities has made are taken as scores, and that is said: also where a loss scored each by
  /// itself.
  @Test(arguments: [("softplus", "by softplus", false), ("marks", "a sigmoid each", true)])
  func scoresAreSaidToBeScores(fixture: String, words: String, isOneByOne: Bool) throws {
    try withArchive(of: "whole-models/\(fixture)") { archive, report in
      let sentence = report.recognition.reasons.map(\.description).first {
        $0.contains("taken as scores of classes")
      }
      #expect(sentence?.contains(words) == true, "\(fixture): \(sentence ?? "nothing is said")")
      let numbers = try expected("whole-models", fixture).map(Double.init)
      let sum = numbers.reduce(0) { $0 + exp($1) }
      let wanted = numbers.map { Float(isOneByOne ? 1 / (1 + exp(-$0)) : exp($0) / sum) }
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage()).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(found), \(wanted)")
    }
    // What gives probabilities needs no word.
    try withArchive(of: "whole-models/hard") { _, report in
      #expect(!report.recognition.reasons.contains { $0.description.contains("taken as scores") })
    }
  }

  /// Features are pooled as the model pools them; its own pooling is named where somebody asks for another, and where it is left out.
  @Test func featuresArePooledAsTheModelPoolsThem() throws {
    try withArchive(of: "whole-models/operators") { archive, _ in
      func backbone(_ pooling: FeaturePooling) throws -> Backbone {
        try Backbone(contentsOf: archive, options: BackboneOptions(pooling: pooling))
      }
      let (own, largest, mean) = (try backbone(.automatic), try backbone(.maximum), try backbone(.average))
      #expect(own.warnings == [] && own.options.pooling == .maximum && largest.warnings == [])
      #expect(mean.warnings.count == 1 && mean.warnings[0].contains("pooled by 'max'"), "\(mean.warnings)")
      let features = try own.features(of: fixtureImage()).scalars
      #expect(try features == largest.features(of: fixtureImage()).scalars)
      #expect(try features != mean.features(of: fixtureImage()).scalars)
    }
    // What reads all features has no pooling of its own.
    try withArchive(of: "whole-models/front") { archive, _ in
      let backbone = try Backbone(contentsOf: archive)
      #expect(backbone.options.pooling == .average)
    }
    try withArchive(of: "whole-models/operators", ConversionOptions(dropsTop: true)) { _, report in
      #expect(
        report.recognition.reasons.contains { $0.description.contains("the largest values over all pixels") })
    }
  }

  /// What reads two networks is left out, and neither of them; pooling at the end is part of what the file computes.
  @Test(arguments: [("two", true), ("largest", false)])
  func featuresAreAllThatTheFileComputes(fixture: String, dropsTop: Bool) throws {
    try withArchive(of: "changed-graph/\(fixture)", ConversionOptions(dropsTop: dropsTop)) {
      archive, report in
      #expect(report.droppedLayers == (dropsTop ? ["top"] : []))
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(isExact: true))
      let closeness = Closeness(
        try backbone.features(of: fixtureImage(0)).scalars, try expected("changed-graph", fixture))
      #expect(closeness.isWithin(.features), "\(fixture): \(closeness)")
    }
  }

  /// Strides, pooling and epsilon are the file's, never those of a network with the same weights.
  @Test(arguments: ["strides", "epsilon", "pooling"])
  func changedGraphsComputeWhatTheFileSays(fixture: String) throws {
    try withArchive(of: "changed-graph/\(fixture)") { archive, _ in
      let backbone = try Backbone(
        contentsOf: archive, options: BackboneOptions(pooling: .none, isExact: true))
      let closeness = Closeness(
        try backbone.features(of: fixtureImage(0)).scalars, try expected("changed-graph", fixture))
      #expect(closeness.isWithin(.features), "\(fixture): \(closeness)")
    }
  }

  /// What is left without the classifier begins with the layers in front of the backbone.
  @Test func theBackboneKeepsWhatStandsInFrontOfIt() throws {
    try withArchive(of: "whole-models/front", ConversionOptions(dropsTop: true)) { archive, report in
      #expect(report.droppedLayers == ["dense_3", "batch_normalization_1", "dense_4"])
      let summary = try NetworkCatalog().inspect(archive)
      guard case .archive(let file, nil) = summary.content else {
        Issue.record("\(summary.content)")
        return
      }
      let names = file.tensors.map(\.name)
      #expect(names.contains("normalization/mean") && names.contains("stem_bn/gamma"))
      #expect(!names.contains { $0.hasPrefix("head/") })
    }
  }

  /// Files of strangers, of Keras 2.0.5 and tf.keras 2.4, pixels scaled to [-1, 1] (`strangers.py`).
  @Test(
    .enabled(if: SharedFiles.arePresent, "\(SharedFiles.message)"),
    arguments: [
      ("mlcommons__pretrainedResnet.h5", 32, 3), ("oarriaga__fer2013_mini_XCEPTION.110-0.65.hdf5", 64, 1),
      ("oarriaga__tiny_XCEPTION_KDEF.hdf5", 64, 1),
    ])
  func strangersFilesPredictAsKerasDoes(name: String, size: Int, channels: Int) throws {
    let pixels = (0..<size * size * 3).map { index in
      let (row, column) = (index / (3 * size), index / 3 % size)
      return UInt8((37 * row + 11 * column + (channels == 3 ? 71 * (index % 3) : 0) + row * column) % 256)
    }
    let image = try Bitmap(width: size, height: size, pixels: pixels)
    let data = try Data(
      contentsOf: URL(fileURLWithPath: Repository.fixture("whole-models/strangers.json")))
    let wanted = try #require(JSONDecoder().decode([String: [Float]].self, from: data)[name])
    try withTemporaryFolder { folder in
      let archive = folder.appending(path: "model.zoo.safetensors").path
      try NetworkCatalog().convert(
        SharedFiles.path("weights/strangers/\(name)"), to: archive,
        options: ConversionOptions(preprocessing: .tf))
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(image).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
      let closeness = Closeness(found, wanted)
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }
}

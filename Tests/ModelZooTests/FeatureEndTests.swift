import Foundation
import ModelZoo
import TestSupport
import Testing

/// Where features of whole models end, what is said of it, and what else can be asked for, against Keras
/// (`Tests/Fixtures/ends/make.py`).
@Suite struct FeatureEndTests {
  private struct Expected: Decodable {
    let features: [Float]?
    let unpooled: [Float]?
    let scores: [Float]?
    /// A part of what is said.
    let says: String?
    /// The layer that is offered instead.
    let other: String?
    /// What it gives, where that predicts nothing.
    let gives: String?
    /// What layers give, by name.
    let layers: [String: [Float]]?
  }

  private static let expected: [String: Expected] = {
    let path = URL(fileURLWithPath: Repository.fixture("ends/expected.json"))
    guard let data = try? Data(contentsOf: path) else { return [:] }
    return (try? JSONDecoder().decode([String: Expected].self, from: data)) ?? [:]
  }()
  private static let names = expected.keys.sorted()
  private static func models(where isMeant: (Expected) -> Bool) -> [String] {
    names.filter { expected[$0].map(isMeant) ?? false }
  }

  private func expected(_ name: String) throws -> Expected { try #require(Self.expected[name]) }

  private func withArchive<Result>(
    of name: String, _ options: ConversionOptions = ConversionOptions(),
    _ body: (String, ConversionReport) throws -> Result
  ) throws -> Result {
    try withConverted("ends/\(name).keras.gz", options, body)
  }

  private func features(_ archive: String, _ pooling: FeaturePooling, layer: String? = nil) throws -> [Float]
  {
    let options = BackboneOptions(layer: layer, pooling: pooling, isExact: true)
    return try Backbone(contentsOf: archive, options: options).features(of: fixtureImage()).scalars
  }

  @Test func thereAreModels() { #expect(Self.names.count == 50) }

  /// Features are the tensor of Keras's model, pooled as it pools it and not, whether the classifier is left out or not.
  @Test(arguments: models { $0.features != nil }) func featuresAreATensorOfTheModel(name: String) throws {
    let wanted = try expected(name)
    func check(_ archive: String) throws -> [Float] {
      let pooled = try features(archive, .automatic)
      let closeness = Closeness(pooled, try #require(wanted.features))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
      let unpooled = Closeness(try features(archive, .none), try #require(wanted.unpooled))
      #expect(unpooled.isWithin(.features), "\(name), not pooled: \(unpooled)")
      return pooled
    }
    let whole = try withArchive(of: name) { archive, _ in try check(archive) }
    let dropped = try withArchive(of: name, ConversionOptions(dropsTop: true)) { archive, _ in
      try check(archive)
    }
    #expect(whole == dropped)
  }

  @Test(arguments: models { $0.scores != nil }) func predictsAsKerasDoes(name: String) throws {
    try withArchive(of: name) { archive, _ in
      let scores = try TrainedModel(contentsOf: archive, isExact: true).predict(fixtureImage()).scores
      let found = scores.sorted { Int($0.label) ?? 0 < Int($1.label) ?? 0 }.map(\.probability)
      let closeness = Closeness(found, try #require(expected(name).scores))
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
    }
  }

  /// What tells where features end is said, and the layer that may be meant instead.
  @Test(arguments: models { $0.says != nil }) func theReasonIsSaid(name: String) throws {
    let wanted = try expected(name)
    try withArchive(of: name) { _, report in
      let found = report.recognition
      let sentences = found.reasons.map(\.description) + found.featureNotes
      let sentence = try #require(wanted.says)
      #expect(sentences.contains { $0.contains(sentence) }, "\(name): \(sentences)")
      #expect(found.otherFeatures == wanted.other, "\(name)")
      #expect(found.featureNotes.isEmpty || wanted.other != nil || wanted.features == nil || name == "lone")
    }
  }

  /// What is no classifier says so when somebody wants to predict.
  @Test(arguments: models { $0.gives != nil }) func whatPredictsNothingSaysWhatItGives(name: String) throws {
    try withArchive(of: name) { archive, report in
      let output = try #require(expected(name).gives.flatMap(NetworkOutput.init))
      #expect(report.recognition.output == output && report.recognition.classCount == nil)
      let error = #expect(throws: ModelZooError.self) { try TrainedModel(contentsOf: archive) }
      let wanted: ModelZooError =
        switch output {
        case .features: .noHead(archive: archive)
        case .numbers: .givesNumbers(archive: archive)
        case .embedding, .pixels, .undecided: .givesNoScores(archive: archive, output: output)
        }
      #expect(error == wanted, "\(name): \(error?.description ?? "nothing is thrown")")
      #expect(error?.family == .mismatch)
    }
  }

  /// Without anything that was learnt ahead of the scores there are no features, and nothing is left of the model.
  @Test(arguments: models { $0.features == nil }) func imagesAreNoFeatures(name: String) throws {
    try withArchive(of: name) { archive, report in
      #expect(report.recognition.featureNotes.count == 1)
      let error = #expect(throws: ModelZooError.self) { try Backbone(contentsOf: archive) }
      #expect(error?.family == .mismatch)
    }
    let path = Repository.fixture("ends/\(name).keras.gz")
    let options = ConversionOptions(dropsTop: true)
    let error = #expect(throws: ConversionError.self) {
      try NetworkCatalog().conversion(of: path, options: options)
    }
    guard case .noFeatures(_, nil) = error else {
      Issue.record("\(name): \(error?.description ?? "nothing is thrown")")
      return
    }
  }
}

/// Layers that somebody asks for by name.
extension FeatureEndTests {
  private func values(_ name: String) throws -> [Float] { try #require(expected(name).unpooled) }

  /// The output of any layer of the file can be the features: that of an embedding, of a guess's other side, of a branch.
  @Test(arguments: [
    ("triplet", "dense"), ("unit", "unit"), ("joined", "both"), ("open", "last"), ("norm", "norm"),
    ("inside", "inner"),
  ])
  func featuresEndAtTheLayerThatIsAskedFor(name: String, layer: String) throws {
    try withArchive(of: name, ConversionOptions(layer: layer)) { archive, report in
      let wanted = name == "norm" ? try #require(expected(name).features) : try values(name)
      let closeness = Closeness(try features(archive, .none), wanted)
      #expect(closeness.isWithin(.features), "\(name): \(closeness)")
      #expect(report.recognition.classCount == nil && report.recognition.output == nil)
      #expect(report.recognition.reasons.contains { $0.description.hasSuffix(", as asked") })
    }
  }

  @Test func aLayerOfTheClassifierIsKept() throws {
    try withArchive(of: "embedding", ConversionOptions(layer: "dense")) { archive, report in
      let found = try features(archive, .automatic).map(Double.init)
      let sum = found.reduce(0) { $0 + exp($1) }
      let closeness = Closeness(
        found.map { Float(exp($0) / sum) }, try #require(expected("embedding").scores))
      #expect(closeness.isWithin(.features), "\(closeness)")
      #expect(report.droppedLayers == [])
    }
    // An archive that has the classifier says where that layer is.
    try withArchive(of: "embedding") { archive, _ in
      for layer in ["dense", "pool"] {
        #expect(throws: ModelZooError.classifierLayer(archive: archive, layer: layer)) {
          try features(archive, .automatic, layer: layer)
        }
      }
    }
  }

  @Test func aLayerMustBeThereAndHaveLearnt() throws {
    let path = Repository.fixture("ends/unit.keras.gz")
    func conversion(_ layer: String, network: String? = nil) throws -> Conversion {
      try NetworkCatalog().conversion(of: path, options: ConversionOptions(network: network, layer: layer))
    }
    let without = #expect(throws: ConversionError.self) { try conversion("scale") }
    #expect(without?.family == .unsupported && without?.description.contains("up to scale") == true)
    let unknown = #expect(throws: ConversionError.self) { try conversion("bodi") }
    guard case .unknownLayer(let file, "bodi", let known) = unknown else {
      Issue.record("\(unknown?.description ?? "nothing is thrown")")
      return
    }
    #expect(file.hasPrefix(path) && known.prefix(3) == ["body", "unit", "dense"] && known.count == 5)
    let inside = Repository.fixture("ends/inside.keras.gz")
    let model = #expect(throws: ConversionError.self) {
      try NetworkCatalog().conversion(of: inside, options: ConversionOptions(layer: "innr"))
    }
    #expect(model?.description.contains("it has inner, ") == true)
    let other = #expect(throws: ConversionError.self) { try conversion("body", network: "resnet50") }
    #expect(other?.family == .mismatch && other?.description.contains("does not fit resnet50") == true)
  }

  /// A layer of a classifier is refused or gives what it gives in Keras, also where not all of the classifier can stand by itself.
  @Test(arguments: models { $0.layers != nil }) func noLayerGivesAnythingElse(name: String) throws {
    try withArchive(of: name) { archive, _ in
      let rows = try NetworkCatalog().summary(ofFile: archive).layers.map(\.name)
      for (layer, wanted) in try #require(expected(name).layers) {
        do {
          let found = try features(archive, .none, layer: layer)
          let closeness = Closeness(found, wanted)
          #expect(closeness.isWithin(.features), "\(name), \(layer): \(closeness)")
          #expect(rows.contains(layer) && layer != "out" && layer != "shape")
        } catch let error as ModelZooError {
          #expect(error == .classifierLayer(archive: archive, layer: layer))
          #expect(!rows.contains(layer) && ["out", "shape"].contains(layer), "\(name), \(layer)")
        }
      }
    }
  }

  /// Names of classes belong to a classifier that is converted.
  @Test func namesOfALeftOutClassifierAreRefused() throws {
    let path = Repository.fixture("ends/norm.keras.gz")
    var options = ConversionOptions(dropsTop: true, labels: ["a", "b", "c", "d"])
    for layer in [nil, "body"] {
      (options.dropsTop, options.layer) = (layer == nil, layer)
      let error = #expect(throws: ConversionError.self) {
        try NetworkCatalog().conversion(of: path, options: options)
      }
      guard case .labelsLeftOut(let file) = error else {
        Issue.record("\(error?.description ?? "nothing is thrown")")
        return
      }
      #expect(file.hasPrefix(path))
    }
  }

  /// The summary of the file and that of the archive say where features end.
  @Test func summariesSayWhereFeaturesEnd() throws {
    let catalog = try NetworkCatalog()
    try withArchive(of: "norm_branches") { archive, _ in
      for file in [Repository.fixture("ends/norm_branches.keras.gz"), archive] {
        let end = try catalog.summary(ofFile: file).featureEnd.map(\.description)
        #expect(end.count == 1 && end[0].hasPrefix("features are those of norm"), "\(file): \(end)")
      }
    }
    let guess = try catalog.summary(ofFile: Repository.fixture("ends/raised_bare.keras.gz")).featureEnd
    guard case .featureEnd(let sentence, other: "pool") = guess.first else {
      Issue.record("\(guess)")
      return
    }
    #expect(guess.count == 1 && sentence.contains("taken for scores"))
  }

  /// One of several outputs is as good as any layer.
  @Test func anOutputOfSeveralCanBeAskedFor() throws {
    let path = "scores/pair.keras.gz"
    try withConverted(path, ConversionOptions(layer: "body")) { archive, report in
      #expect(report.droppedLayers.count == 2)
      let wanted: Expected = try expectedOfKeras("scores", "pair")
      let closeness = Closeness(try features(archive, .none), try #require(wanted.features))
      #expect(closeness.isWithin(.features), "\(closeness)")
    }
  }

  /// The article's code asks for the other side of a guess: the maps themselves, as the model pools them.
  @Test func theOtherSideOfAGuess() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let archive = folder.appending(path: "model.zoo.safetensors")
    let file = URL(fileURLWithPath: Repository.fixture("ends/raised_bare.keras.gz"))
    let report = try await convertWhole(file, to: archive)
    #expect(report.recognition.classCount == nil)
    let found = try features(archive.path, .automatic).map(Double.init)
    let sum = found.reduce(0) { $0 + exp($1) }
    let closeness = Closeness(
      found.map { Float(exp($0) / sum) }, try #require(expected("raised_bare").scores))
    #expect(closeness.isWithin(.features), "\(closeness)")
  }

  /// What works on what the model pools is that tensor by its own name, too, whatever else is asked for, and never a mean of it.
  @Test(arguments: ["norm", "norm_branches", "norm_branches_max"], [false, true])
  func whatIsBehindThePoolingStaysThere(name: String, dropsTop: Bool) throws {
    try withArchive(of: name, ConversionOptions(dropsTop: dropsTop)) { archive, _ in
      for pooling in [FeaturePooling.automatic, .none] {
        let closeness = Closeness(
          try features(archive, pooling, layer: "norm"), try #require(expected(name).features))
        #expect(closeness.isWithin(.features), "\(name), \(pooling): \(closeness)")
      }
      let rows = try NetworkCatalog().summary(ofFile: archive).layers
      let norm = try #require(rows.first { $0.name == "norm" })
      #expect(norm.outputShape.last == 6 && norm.outputShape.dropLast().allSatisfy { $0 == 1 }, "\(norm)")
      guard name == "norm" || dropsTop else { return }
      #expect(throws: ModelZooError.layerBehindPooling(archive: archive, layer: "norm")) {
        try BackboneTaps(contentsOf: archive, at: ["body", "norm"])
      }
    }
  }

  /// Another pooling than the model's comes to the same in each archive, and is warned of for what learnt behind its own.
  @Test(arguments: ["norm", "norm_branches"], [nil, "norm"]) func anotherPoolingIsWarnedOf(
    name: String, layer: String?
  ) throws {
    let found = try [false, true].map { dropsTop in
      try withArchive(of: name, ConversionOptions(dropsTop: dropsTop)) { archive, _ in
        let options = BackboneOptions(layer: layer, pooling: .maximum, isExact: true)
        let backbone = try Backbone(contentsOf: archive, options: options)
        #expect(backbone.warnings.contains { $0.contains("pooled by 'max', but what stands behind") })
        return try backbone.features(of: fixtureImage()).scalars
      }
    }
    #expect(found[0] == found[1])
    #expect(!Closeness(found[0], try #require(expected(name).features)).isWithin(.features))
  }
}

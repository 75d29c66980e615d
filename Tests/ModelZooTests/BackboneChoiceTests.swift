import Catalog
import Foundation
import ModelZoo
import TensorArchive
import Tensors
import TestSupport
import Testing

/// Which of several backbones suits images best.
@Suite struct BackboneChoiceTests {
  private struct Facts: Decodable {
    struct Candidate: Decodable {
      var archive, network: String
      var accuracy, standardError, macroF1, millisecondsPerImage, strength: Double
      var foldAccuracies: [Double]
      var bytes, features: Int
      var asGoodAsTheBest: Bool
    }
    var images, copies, folds: Int
    var classes: [String]
    var candidates: [Candidate]
    var best, cheapest: String
  }

  /// Two archives and drawn images, of which one is there twice.
  private func withMaterials(_ body: (_ archives: [String], _ images: Dataset) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try SyntheticImageFolder(seed: 5, countPerClass: 8).write(to: photos)
      try FileManager.default.copyItem(
        at: photos.appending(path: "noise/0001.png"), to: photos.appending(path: "noise/0001-again.png"))
      let archives = try ["squeezenet", "mobilenet_0.25"].map { try SyntheticArchive.write($0, to: folder) }
      try body(archives, Dataset(folder: photos.path))
    }
  }

  private var options: ChoiceOptions {
    var options = ChoiceOptions(
      folds: 4, fit: LinearFit(strength: .crossValidated(candidates: [0.01, 1])), seed: 3,
      backbone: BackboneOptions(size: 64))
    options.secondsOfTiming = 0
    return options
  }

  @Test func comparesOnTheSameFolds() throws {
    try withMaterials { archives, images in
      let events = Locked<[String]>([])
      let choice = try BackboneChoice.start(among: archives, on: images, options: options).wait { event in
        if case .measured(let candidate) = event { events.update { $0.append(candidate.archive) } }
      }
      #expect(events.value == archives)
      #expect(choice.imageCount == 25 && choice.copyCount == 1 && choice.foldCount == 4)
      #expect(Set(choice.candidates.map(\.archive)) == Set(archives))
      #expect(choice.candidates.map(\.accuracy) == choice.candidates.map(\.accuracy).sorted(by: >))
      let folds = choice.candidates.map(\.validation.folds)
      #expect(folds[0] == folds[1] && choice.best.accuracy > 0.5)
      let copies = images.items.indices.filter {
        images.items[$0].name.contains("0001") && images.items[$0].label == 1
      }
      #expect(copies.count == 2 && Set(copies.map { folds[0][$0] }).count == 1)
      for candidate in choice.candidates {
        #expect(candidate.millisecondsPerImage > 0)
        let backbone = try Backbone(contentsOf: candidate.archive, options: options.backbone)
        #expect(candidate.identifier == backbone.identifier)
        #expect(candidate.featureCount == backbone.featureShape.elementCount)
        // The same by hand.
        let table = try backbone.features(of: images)
        let again = try options.fit.crossValidation(
          table.features, classes: table.rows.labels, folds: candidate.validation.folds)
        #expect(again.foldAccuracies == candidate.validation.foldAccuracies)
        #expect(again.strength == candidate.strength)
      }
    }
  }

  @Test func saysTheSameToMachinesAndOnItsPage() throws {
    try withMaterials { archives, images in
      let choice = try BackboneChoice.start(among: archives, on: images, options: options).wait()
      let facts = try JSONDecoder().decode(Facts.self, from: Data(choice.json().utf8))
      #expect(facts.images == 25 && facts.copies == 1 && facts.folds == 4 && facts.classes == images.classes)
      #expect(facts.best == choice.best.archive && facts.cheapest == choice.cheapest.archive)
      #expect(facts.candidates.map(\.accuracy) == choice.candidates.map(\.accuracy))
      #expect(facts.candidates.filter(\.asGoodAsTheBest).count == choice.tied.count)
      let page = ChoiceReport(on: choice, command: "train <this>").html()
      for words in ["<h1>Which backbone?</h1>", "train &lt;this&gt;", "squeezenet", "mobilenet_0.25", "<svg"]
      {
        #expect(page.contains(words), "\(words)")
      }
      #expect(!page.contains("<script"))
    }
  }

  @Test func refusesWhatCannotBeCompared() throws {
    try withMaterials { archives, images in
      func refusal(_ archives: [String], _ images: Dataset, folds: Int = 4) -> (any Error)? {
        var options = options
        options.folds = folds
        do {
          _ = try BackboneChoice.start(among: archives, on: images, options: options).wait()
          return nil
        } catch { return error }
      }
      #expect(refusal([], images) as? ModelZooError == .noArchives)
      #expect(refusal(archives, images, folds: 1) is TrainingError)
      #expect(refusal(archives, images, folds: 26) is TrainingError)
      #expect(refusal(archives, images.withoutClasses) is DatasetError)
      #expect(refusal(archives + ["nowhere"], images) is ArchiveError)
      // One image of a class, and its copy.
      let lonely = images.items.indices.filter {
        images.items[$0].label != 1 || images.items[$0].name.contains("0001")
      }
      #expect(
        refusal(archives, images.keeping(lonely)) as? ModelZooError
          == .tooFewImages(label: "noise", expected: 2, found: 1))
      // An image of each class, fewer than there are folds.
      let few = images.items.indices.filter { images.items[$0].name.hasSuffix("0000.png") }
      #expect(
        refusal(archives, images.keeping(few)) as? ModelZooError
          == .tooFewImages(label: "circles", expected: 2, found: 1))
    }
  }

  /// A network whose last layers give infinities.
  private func brokenArchive(in folder: URL) throws -> String {
    let network = try ArchivedNetwork(entry: EntryCatalog.embedded.entry("squeezenet"), variant: nil)
    let weights = SyntheticWeights(seed: 1)
    var tensors: [String: TensorView] = [:]
    for parameter in try network.graph().parameters() {
      var values = weights.values(layer: parameter.layer, role: parameter.role, shape: parameter.shape)
      if parameter.layer.hasPrefix("fire9/expand"), parameter.role == "bias" {
        for index in values.indices { values[index] = .infinity }
      }
      tensors[parameter.name] = TensorView(Tensor(shape: parameter.shape, scalars: values))
    }
    let path = folder.appending(path: "broken.zoo.safetensors").path
    let manifest = Manifest(producer: Release.producer, sections: network.sections)
    try ArchiveWriter.write(to: path, manifest: manifest, tensors: tensors)
    return path
  }

  @Test func anArchiveWhoseFeaturesAreNotFiniteIsLeftOut() throws {
    try withMaterials { archives, images in
      let broken = try brokenArchive(in: URL(fileURLWithPath: archives[0]).deletingLastPathComponent())
      let warnings = Locked<[String]>([])
      let choice = try BackboneChoice.start(among: [broken, archives[1]], on: images, options: options).wait {
        event in
        if case .warning(let sentence) = event { warnings.update { $0.append(sentence) } }
      }
      #expect(choice.candidates.map(\.archive) == [archives[1]])
      #expect(
        warnings.value.contains { $0.contains("left out") && $0.contains(broken) && $0.contains("verify") },
        "\(warnings.value)")
      let error = #expect(throws: TrainingError.self) {
        try BackboneChoice.start(among: [broken], on: images, options: options).wait()
      }
      let words = error?.description ?? ""
      #expect(words.hasPrefix("\(broken): features: ") && words.contains("verify the archive"), "\(words)")
    }
  }

  @Test func imagesOfAClassThatCannotBeReadAreCounted() throws {
    try withMaterials { archives, _ in
      let photos = URL(fileURLWithPath: archives[0]).deletingLastPathComponent().appending(path: "photos")
      let place = photos.appending(path: "torn")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for number in 0..<4 { try Data("torn".utf8).write(to: place.appending(path: "\(number).png")) }
      let images = try Dataset(folder: photos.path)
      let warnings = Locked<[String]>([])
      let error = #expect(throws: ModelZooError.self) {
        try BackboneChoice.start(among: archives, on: images, options: options).wait { event in
          if case .warning(let sentence) = event { warnings.update { $0.append(sentence) } }
        }
      }
      #expect(error == .tooFewImages(label: "torn", expected: 2, found: 0))
      #expect(warnings.value == ["class torn: 4 of its 4 images cannot be read"])
    }
  }

  @Test func whoeverIsCancelledStops() throws {
    try withMaterials { archives, images in
      let job = BackboneChoice.start(among: archives, on: images, options: options)
      job.cancel()
      #expect(throws: CancellationError.self) { try job.wait() }
    }
  }
}

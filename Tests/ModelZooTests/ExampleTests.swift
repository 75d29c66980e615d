import Foundation
import ModelZoo
import TestSupport
import Testing

/// Code in README and in the articles stands in the files of `Examples`: it compiles, it runs, and readers see it to the
/// letter.
struct ExampleTests {
  private static let articles = Repository.root.appending(path: "Sources/ModelZoo/ModelZoo.docc")
  private static let examples = Repository.root.appending(path: "Tests/ModelZooTests/Examples")

  private static func texts(in folder: URL, endingIn ending: String) throws -> [String: String] {
    var texts: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(ending)
    {
      texts[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return texts
  }

  /// The blocks of code that a text has in Swift.
  private static func blocks(of text: String) -> [String] {
    text.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  @Test func whatReadersSeeIsCompiledHere() throws {
    let sources = try Self.texts(in: Self.examples, endingIn: ".swift")
    var readers = try Self.texts(in: Self.articles, endingIn: ".md")
    readers["README.md"] = try String(
      contentsOf: Repository.root.appending(path: "README.md"), encoding: .utf8)
    var shown: Set<String> = []
    for (name, text) in readers {
      for block in Self.blocks(of: text) {
        let owner = sources.first { $0.value.contains(block) }
        #expect(owner != nil, "\(name): in no example: \(block)")
        if let owner { shown.insert(owner.key) }
      }
    }
    #expect(shown == Set(sources.keys))
  }

  @Test func everyArticleIsOnTheLandingPage() throws {
    let articles = try Self.texts(in: Self.articles, endingIn: ".md")
    let landing = try #require(articles["ModelZoo.md"])
    for name in articles.keys where name != "ModelZoo.md" {
      #expect(landing.contains("<doc:\(name.dropLast(3))>"), "\(name)")
    }
  }

  @Test func manyMachines() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-tests-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try DrawnImages.write(to: folder.appending(path: "photographs"), perClass: 2)
    let archive = try SyntheticArchive.write("squeezenet", to: folder)
    let count = try await featuresInShards(
      Backbone(contentsOf: archive, options: BackboneOptions(size: 64)),
      Dataset(folder: folder.appending(path: "photographs")), in: folder.appending(path: "shards"),
      to: folder.appending(path: "features.npy"))
    let model = try trainedOnFeatures(
      archive: URL(fileURLWithPath: archive), features: folder.appending(path: "shards"))
    #expect(model.labels == DrawnImages.classes && model.record?.features?.hasSuffix("shards") == true)
    #expect(count == 6)
  }

  @Test func readme() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 5)
      let path = folder.appending(path: "drawings.zoo.safetensors").path
      let model = try teach(
        archive: SyntheticArchive.write("squeezenet", to: folder), photographs: photographs.path, model: path)
      #expect(model.history["val_accuracy"].count == 12)
      #expect(try TrainedModel(contentsOf: path).labels == DrawnImages.classes)
    }
  }

  private func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test func convertWeights() async throws {
    try await withFolder { folder in
      let weights = folder.appending(path: "download.h5")
      _ = try NetworkCatalog().syntheticWeights(of: "squeezenet", seed: 1).write(to: weights.path)
      #expect(try recognise(weights).network == "squeezenet")
      let archive = folder.appending(path: "backbone.zoo.safetensors")
      #expect(try await convert(weights, to: archive).archive == archive.path)
      #expect(try check(archive))
      try describe(weights)
      try describe(archive)
      let broken = folder.appending(path: "page.h5")
      try Data("<!DOCTYPE html>".utf8).write(to: broken)
      #expect(try !check(broken))
      try describe(broken)
    }
  }

  @Test func extractFeatures() async throws {
    try await withFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 1)
      let archive = URL(fileURLWithPath: try SyntheticArchive.write("squeezenet", to: folder))
      try await printFeatures(archive: archive, photographs: photographs)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      let dataset = try Dataset(folder: photographs)
      let table = try await collectFeatures(backbone, dataset, cache: folder.appending(path: "cache"))
      #expect(table.features.shape == [3, 512])
      let file = folder.appending(path: "features.npy")
      #expect(try await saveFeatures(backbone, dataset, to: file) == 3)
      #expect(try FeatureTable(contentsOf: file).features == table.features)
      let tables = try await featuresOfTwoLayers(backbone, dataset)
      #expect(tables.map(\.features.shape) == [[3, 128], [3, 512]])
      try drawFeatures(table, to: folder.appending(path: "plot.svg"))
    }
  }

  @Test func exportModels() async throws {
    try await withFolder { folder in
      let archive = URL(fileURLWithPath: try SyntheticArchive.write("squeezenet", to: folder))
      let file = folder.appending(path: "features.onnx")
      #expect(try await exportFeatures(archive: archive, to: file).output?.shape == [512])
      try exportClassifier(archive, to: folder.appending(path: "again.onnx"))
      try exportToKeras(archive, into: folder)
    }
  }

  @Test func trainAHead() throws {
    try withTemporaryFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 5)
      let archive = URL(fileURLWithPath: try SyntheticArchive.write("squeezenet", to: folder))
      let file = folder.appending(path: "drawings.zoo.safetensors")
      let model = try trainAnimals(archive: archive, photographs: photographs, model: file)
      #expect(try TrainedModel(contentsOf: file).labels == model.labels)
      let right = try model.predict(Dataset(folder: photographs)).predictions.filter {
        $0.file.hasPrefix($0.label + "/")
      }
      #expect(try abs(measure(model, on: photographs) - Double(right.count) / 15) < 1e-6)
      let split = try Dataset(folder: photographs.path).split(validation: 0.2, seed: 1)
      let small = try Backbone(contentsOf: archive.path, options: BackboneOptions(size: 48))
      #expect(try fineTune(small, on: split).fineTuning?.headEpochs == 4)
      let image = photographs.appending(path: "discs/0.png")
      try explain(image, by: model, to: folder.appending(path: "why.png"))
      #expect(try Bitmap(contentsOf: folder.appending(path: "why.png")).width == 64 + 8 + 64 + 8 + 8)
    }
  }

  @Test func addANetwork() throws {
    try withTemporaryFolder { folder in
      let architecture = URL(fileURLWithPath: Repository.fixture("architectures/sequential_keras3.json"))
      let network = try addNetwork(architecture: architecture, to: folder)
      #expect(network.identifier == "tiny_net" && network.title == "Tiny Net")
      #expect(try NetworkCatalog(adding: [folder]).check("tiny_net").problems.isEmpty)
    }
  }

  @Test func embedInAnApp() async throws {
    try await withFolder { folder in
      let photographs = folder.appending(path: "photographs")
      try DrawnImages.write(to: photographs, perClass: 3)
      let file = folder.appending(path: "drawings.zoo.safetensors")
      let dataset = try Dataset(folder: photographs)
      try train(dataset, folder, file)
      let labeller = try ImageLabeller(model: file)
      let bitmaps = try dataset.paths.map { try Bitmap(contentsOf: $0) }
      let labels = try await labeller.labels(of: bitmaps)
      #expect(labels.count == 9)
      for (bitmap, label) in zip(bitmaps, labels) {
        let frame = PixelBuffer(bitmap, channels: .bgra)
        let found = try await labeller.label(
          width: 64, height: 64, bytesPerRow: frame.bytesPerRow, bytes: frame.bytes)
        #expect(found == label)
      }
      #expect(advice(after: CancellationError()) == "Stopped.")
      let missing = try #require(throws: ArchiveError.self) {
        try ImageLabeller(model: folder.appending(path: "no"))
      }
      #expect(advice(after: missing).hasPrefix("Look for the file again."))
    }
  }

  private func train(_ dataset: Dataset, _ folder: URL, _ file: URL) throws {
    let archive = try SyntheticArchive.write("squeezenet", to: folder)
    let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
    let head = Head { Dense(3, activation: .softmax) }
    try backbone.train(head, on: dataset, options: TrainingOptions(fit: .epochs(2))).save(to: file)
  }
}

import Foundation
import ModelZoo
import TestSupport
import Testing

/// Files are found by what is in them, and named by paths or by URLs.
@Suite("Files and folders")
struct PlacesTests {
  @Test func anArchiveIsFoundByItsNetwork() throws {
    try withTemporaryFolder { folder in
      let archives = folder.appending(path: "archives")
      try FileManager.default.createDirectory(at: archives, withIntermediateDirectories: true)
      func none(_ network: String, _ found: [String]) -> ModelZooError {
        .noArchive(network: network, folder: archives.path, found: found)
      }
      #expect(throws: none("squeezenet", [])) { try Backbone("squeezenet", in: archives) }
      let written = try SyntheticArchive.write("squeezenet", to: folder)
      let path = archives.appending(path: "resnet50.bin").path
      try FileManager.default.copyItem(atPath: written, toPath: path)
      try Data("notes".utf8).write(to: archives.appending(path: "squeezenet.zoo.safetensors"))
      let backbone = try Backbone("squeezenet", in: archives.path, options: BackboneOptions(size: 64))
      #expect(backbone.identifier == "squeezenet" && backbone.inputShape == [64, 64, 3])
      let refusal = try #require(throws: ModelZooError.self) { try Backbone("squeezent", in: archives.path) }
      #expect(refusal == none("squeezent", ["squeezenet"]))
      #expect("\(refusal)".contains("did you mean squeezenet?"))

      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 1)
      let model = try backbone.train(
        Head { Dense(3, activation: .softmax) }, on: Dataset(folder: photos),
        options: TrainingOptions(fit: .epochs(1)))
      try model.save(to: archives.appending(path: "model.zoo.safetensors"))
      #expect(try Backbone("squeezenet", in: archives).digest == backbone.digest)

      let second = archives.appending(path: "second").path
      try FileManager.default.copyItem(atPath: written, toPath: second)
      #expect(throws: ModelZooError.severalArchives(network: "squeezenet", paths: [path, second])) {
        try Backbone("squeezenet", in: archives)
      }
      #expect(throws: FileError.self) { try Backbone("squeezenet", in: folder.path + "/nowhere") }
    }
  }

  @Test func aURLIsAsGoodAsAPath() throws {
    try withTemporaryFolder { folder in
      let place = folder.appending(path: "with space and ü", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let archive = URL(fileURLWithPath: try SyntheticArchive.write("squeezenet", to: place))
      let photos = place.appending(path: "photos", directoryHint: .isDirectory)
      try DrawnImages.write(to: photos, perClass: 1)
      let dataset = try Dataset(folder: photos)
      #expect(dataset == (try Dataset(folder: photos.path)))
      #expect(try Dataset(contentsOf: photos) == dataset)
      #expect(try Dataset(images: [photos]).items == dataset.items)
      let backbone = try Backbone(contentsOf: archive, options: BackboneOptions(size: 64))
      #expect(try Archive(contentsOf: archive).digest == backbone.digest)
      #expect(try ArchiveVerification(archive).verdict == .intact)
      let cache = try FeatureCache(folder: place.appending(path: "cache"))
      let options = ExtractionOptions(cache: cache)
      let table = try backbone.features(of: dataset, options: options)
      #expect(cache.shelves().map(\.rowCount) == [3])
      let file = place.appending(path: "features.npy")
      try write(backbone, dataset, file)
      #expect(try FeatureTable(contentsOf: file).features == table.features)
      try table.principalComponents().write(to: place.appending(path: "plot.csv"))
      #expect(FileManager.default.fileExists(atPath: place.path + "/plot.csv"))
      if case .archive = try NetworkCatalog().inspect(archive).content {} else { Issue.record("no archive") }
    }
  }

  private func write(_ backbone: Backbone, _ dataset: Dataset, _ file: URL) throws {
    try backbone.writeFeatures(of: dataset, to: file).wait()
  }

  @Test func anAddressOnTheWebIsNoFile() throws {
    let address = try #require(URL(string: "https://example.org/a.npy"))
    let refusal = ModelZooError.notAFileURL("https://example.org/a.npy")
    let attempts: [() throws -> Any] = [
      { try Backbone(contentsOf: address) }, { try Backbone("resnet50", in: address) },
      { try TrainedModel(contentsOf: address) }, { try NetworkCatalog(adding: [address]) },
      { try NetworkCatalog().conversion(of: address) }, { try NetworkCatalog().inspect(address) },
      { try Archive(contentsOf: address) }, { try ArchiveVerification(address) },
      { try Dataset(contentsOf: address) }, { try Dataset(folder: address) },
      { try Dataset(images: [address]) }, { try FeatureTable(contentsOf: address) },
      { try FeatureCache(folder: address) }, { try Bitmap(contentsOf: address) },
      { try BackboneTaps(contentsOf: address, at: ["a"]) },
    ]
    for (number, attempt) in attempts.enumerated() {
      #expect(throws: refusal, "attempt \(number)") { _ = try attempt() }
    }
  }
}

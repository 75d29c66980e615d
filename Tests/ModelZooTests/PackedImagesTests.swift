import Foundation
import ModelZoo
import Synchronization
import TestSupport
import Testing

/// Pictures in an archive have the features, the cache and the explanations of those in a folder.
@Suite struct PackedImagesTests {
  private struct Place {
    let folder: URL
    let backbone: Backbone
    let unpacked: Dataset
    let packed: Dataset

    /// Nine images of three classes and one that cannot be read, in a folder and in an archive.
    init(_ form: String, in folder: URL) throws {
      self.folder = folder
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 3)
      try Data("no image".utf8).write(to: photos.appending(path: "noise/0a.png"))
      let files = try Packing.files(below: photos, prefix: "photos/")
      let archive = folder.appending(path: "photos.\(form)")
      try Data(form == "zip" ? Packing.zip(files) : Packing.tar(files)).write(to: archive)
      backbone = try Backbone(
        contentsOf: SyntheticArchive.write("squeezenet", to: folder), options: BackboneOptions(size: 64))
      (unpacked, packed) = (try Dataset(folder: photos.path), try Dataset(folder: archive.path))
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }
  }

  @Test(arguments: ["zip", "tar"]) func featuresAndCacheAreThoseOfTheFolder(form: String) throws {
    try withTemporaryFolder { folder in
      let place = try Place(form, in: folder)
      let use = Mutex<[CacheUse]>([])
      let options = ExtractionOptions(
        batchSize: 4, cache: FeatureCache(folder: place.path("cache")),
        observer: { event in if case .cached(let told) = event { use.withLock { $0.append(told) } } })
      let expected = try place.backbone.features(of: place.unpacked, options: options)
      let found = try place.backbone.features(of: place.packed, options: options)
      #expect(found.features == expected.features && found.rows == expected.rows)
      #expect(
        use.withLock(\.self) == [CacheUse(found: 0, computed: 9), CacheUse(found: 9, computed: 0)])
      let computed = try place.backbone.features(of: place.packed)
      #expect(computed.features == expected.features)
      #expect(
        computed.skipped.map(\.path) == [place.path("photos.\(form)/photos/noise/0a.png")])
    }
  }

  @Test(arguments: ["npy", "safetensors"]) func filesOfFeaturesAreTheSame(ending: String) throws {
    try withTemporaryFolder { folder in
      let place = try Place("zip", in: folder)
      for (dataset, name) in [(place.unpacked, "one"), (place.packed, "other")] {
        _ = try place.backbone.writeFeatures(of: dataset, to: place.path("\(name).\(ending)")).wait()
      }
      for ending in ending == "npy" ? [ending, "npy.csv"] : [ending] {
        #expect(
          try Data(contentsOf: folder.appending(path: "one.\(ending)"))
            == Data(contentsOf: folder.appending(path: "other.\(ending)")))
      }
      let archive = place.path("photos.zip")
      try FileManager.default.createSymbolicLink(
        atPath: place.path("link.npy"), withDestinationPath: archive)
      let before = try Data(contentsOf: URL(fileURLWithPath: archive))
      #expect(throws: FileError.isInput(path: place.path("link.npy"), input: archive)) {
        try place.backbone.writeFeatures(of: place.packed, to: place.path("link.npy")).wait()
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: archive)) == before)
    }
  }

  @Test func aModelKnowsAndExplainsWhatItLearntInEitherPlace() throws {
    try withTemporaryFolder { folder in
      let place = try Place("tar", in: folder)
      let split = try place.packed.split(validation: 0.34, seed: 3)
      let head = Head { Dense(3, activation: .softmax) }
      let options = TrainingOptions(fit: .epochs(4, batchSize: 4), seed: 5)
      let model = try place.backbone.train(head, on: split, options: options)
      let other = try place.backbone.train(
        head, on: place.unpacked.split(validation: 0.34, seed: 3), options: options)
      #expect(model.head.parameters.map(\.tensor) == other.head.parameters.map(\.tensor))
      #expect(model.learntImages == other.learntImages && model.learntImages?.count ?? 0 > 0)
      let learnt = { (dataset: Dataset) in model.parts(of: dataset).learnt.items.map(\.name) }
      #expect(learnt(place.packed) == learnt(place.unpacked) && !learnt(place.packed).isEmpty)
      let others = Set(split.training.items.map(\.name)).subtracting(learnt(place.unpacked))
      #expect(others.isSubset(of: ["noise/0a.png"]))
      let explainer = try Explainer(model)
      let (packed, unpacked) = (place.packed.items[0], place.unpacked.items[0])
      let explanation = try explainer.explain(packed.location, label: "noise")
      #expect(try explanation.heat == explainer.explain(unpacked.location, label: "noise").heat)
      #expect(try explanation.heat == explainer.explain(packed.path, label: "noise").heat)
      #expect(explanation.prediction.file == packed.path)
      let page = try #require(TrainingReport(on: model)).html()
      let otherPage = try #require(TrainingReport(on: other)).html()
      let figures = { (page: String) in page.components(separatedBy: "data:image/png").count }
      #expect(figures(page) == figures(otherPage) && figures(page) > 3)
    }
  }
}

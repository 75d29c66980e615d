import Execution
import Foundation
import ModelZoo
import TestSupport
import Testing

struct BackboneTests {
  @Test func readsNetworkAndRecipeFromTheArchive() throws {
    try withTemporaryFolder { folder in
      let backbone = try Backbone(contentsOf: SyntheticArchive.write("squeezenet", to: folder))
      #expect(backbone.identifier == "squeezenet")
      #expect(backbone.inputShape == [227, 227, 3])
      #expect(backbone.featureShape == [512])
      #expect(backbone.recipe.preprocessing == .caffe)
      #expect(backbone.warnings.isEmpty)
    }
  }

  @Test func cutsPoolsAndResizesAsAsked() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let options = BackboneOptions(size: 64, layer: "fire3/concat", pooling: .none, preprocessing: .tf)
      let backbone = try Backbone(contentsOf: path, options: options)
      #expect(backbone.inputShape == [64, 64, 3])
      #expect(backbone.featureShape.dimensions.last == 128)
      #expect(backbone.featureShape.rank == 3)
      #expect(backbone.warnings.count == 1)
      #expect(backbone.warnings[0].contains("'tf'") && backbone.warnings[0].contains("'caffe'"))
    }
  }

  @Test func refusesSizesBelowTheMinimumAndUnknownLayers() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let tooSmall = #expect(throws: CatalogError.self) {
        try Backbone(contentsOf: path, options: BackboneOptions(size: 31))
      }
      #expect(tooSmall?.description.contains("31") == true)
      let unknown = #expect(throws: ExecutionError.self) {
        try Backbone(contentsOf: path, options: BackboneOptions(size: 64, layer: "fire3/concot"))
      }
      #expect(unknown?.description.contains("did you mean fire3/concat?") == true)
    }
  }

  @Test func refusesAnArchiveWithoutANetwork() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "plain.safetensors").path
      let header = Data(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
      var bytes = Data([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]) + header
      bytes.append(contentsOf: [0, 0, 0, 0])
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: ModelZooError.noEntry(archive: path)) { try Backbone(contentsOf: path) }
    }
  }

  @Test func featuresAreTheSameBitsForAnyThreadsAndBatches() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 3)
      let images = try Dataset(folder: photos.path)
      let options = BackboneOptions(size: 64)
      let reference = try Backbone(contentsOf: path, options: options, threads: 1)
        .features(of: images, options: ExtractionOptions(batchSize: 9))
      #expect(reference.features.shape == [9, 512])
      for (threads, batch) in [(2, 4), (3, 1), (1, 2)] {
        let table = try Backbone(contentsOf: path, options: options, threads: threads)
          .features(of: images, options: ExtractionOptions(batchSize: batch))
        #expect(table.features == reference.features, "\(threads) threads, batches of \(batch)")
        #expect(table.rows == reference.rows)
      }
    }
  }

  @Test func fewImagesHaveTheSameFeaturesSooner() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 1)
      let images = try Dataset(folder: photos.path)
      let options = BackboneOptions(size: 64)
      let expected = try Backbone(contentsOf: path, options: options).features(of: images)
      for count in [0, 1, 3, 1_000] {
        let backbone = try Backbone(contentsOf: path, options: options, images: count)
        #expect(try backbone.features(of: images).features == expected.features, "told of \(count)")
      }
    }
  }

  @Test func aDamagedArchiveIsRefusedWhateverTheImages() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes[bytes.count / 2] ^= 0x10
      try bytes.write(to: URL(fileURLWithPath: path))
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 1)
      let unreadable = folder.appending(path: "broken.png")
      try Data("no image".utf8).write(to: unreadable)
      let refusal = try #require(throws: ArchiveError.self) { try Backbone(contentsOf: path) }
      #expect("\(refusal)".contains("/kernel"))
      for image in [photos.appending(path: "noise/0.png").path, unreadable.path] {
        let backbone = try Backbone(contentsOf: path, images: 1)
        #expect(throws: refusal) { try backbone.features(of: Dataset(images: [image])) }
      }
    }
  }

  @Test func unreadableImagesAreListedOrStopTheWork() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 2)
      try Data("no image".utf8).write(to: photos.appending(path: "noise/broken.jpg"))
      let images = try Dataset(folder: photos.path)
      let backbone = try Backbone(contentsOf: path, options: BackboneOptions(size: 64))
      let table = try backbone.features(of: images)
      #expect(table.rows.files.count == 6)
      #expect(table.rows.labels == [0, 0, 1, 1, 2, 2])
      #expect(table.skipped.map(\.path).map { $0.hasSuffix("noise/broken.jpg") } == [true])
      #expect(throws: ImageError.self) {
        try backbone.features(of: images, options: ExtractionOptions(onBadImage: .fail))
      }
    }
  }

  @Test func refusesInputsOfAnotherShape() throws {
    try withTemporaryFolder { folder in
      let path = try SyntheticArchive.write("squeezenet", to: folder)
      let backbone = try Backbone(contentsOf: path, options: BackboneOptions(size: 64))
      #expect(throws: ModelZooError.wrongInput(expected: [64, 64, 3], found: [1, 64, 63, 3])) {
        try backbone.features(Tensor(repeating: 0, shape: [1, 64, 63, 3]))
      }
    }
  }
}

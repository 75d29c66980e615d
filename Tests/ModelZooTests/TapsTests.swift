import Execution
import Foundation
import ModelZoo
import TestSupport
import Testing

/// One pass over a network that is read at several layers gives what several passes give.
@Suite("Several layers at a time")
struct TapsTests {
  private static let layers = ["fire3/concat", "fire9/concat", "fire5/squeeze1x1"]

  private struct Place {
    let folder: URL
    let archive: String
    let images: Dataset
    func backbone(_ layer: String? = nil, pooling: FeaturePooling = .average) throws -> Backbone {
      try Backbone(
        contentsOf: archive, options: BackboneOptions(height: 64, width: 64, layer: layer, pooling: pooling))
    }
  }

  private func withPlace(_ body: (Place) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 2)
      try Data("no image".utf8).write(to: photos.appending(path: "noise/0a.png"))
      try body(
        Place(
          folder: folder, archive: SyntheticArchive.write("squeezenet", to: folder),
          images: Dataset(folder: photos.path)))
    }
  }

  @Test(arguments: [FeaturePooling.average, .none])
  func tablesAreThoseOfSeveralBackbones(pooling: FeaturePooling) throws {
    try withPlace { place in
      let tables = try place.backbone(pooling: pooling).features(
        at: Self.layers, of: place.images, options: ExtractionOptions(batchSize: 4))
      for (layer, table) in zip(Self.layers, tables) {
        let alone = try place.backbone(layer, pooling: pooling).features(of: place.images)
        #expect(table.features.shape == alone.features.shape)
        #expect(
          Closeness(table.features.scalars, alone.features.scalars).isWithin(.features), "\(layer)")
        #expect(table.rows == alone.rows && table.skipped == alone.skipped)
      }
    }
  }

  @Test func imagesInMemoryAndInputsToo() throws {
    try withPlace { place in
      let taps = try place.backbone().taps(at: Self.layers)
      #expect(taps.featureShapes == [[128], [512], [32]])
      let bitmap = try Bitmap(contentsOf: place.images.paths[0])
      let features = try taps.features(of: bitmap)
      let tables = try taps.features(of: Dataset(images: [place.images.paths[0]]))
      #expect(features.map(\.scalars) == tables.map(\.features.scalars))
      #expect(features.map(\.shape) == taps.featureShapes)
      let input = try place.backbone().recipe.tensor(of: place.images.paths[0])
      #expect(try taps.features(input).map(\.scalars) == features.map(\.scalars))
      #expect(throws: ModelZooError.wrongInput(expected: [64, 64, 3], found: [1, 3])) {
        try taps.features(Tensor([1, 2, 3], shape: [1, 3]))
      }
    }
  }

  @Test func rowsInACacheAreSharedWithThoseOfSingleLayers() throws {
    try withPlace { place in
      let cache = FeatureCache(folder: place.folder.appending(path: "cache").path)
      let options = ExtractionOptions(batchSize: 2, cache: cache)
      let alone = try place.backbone(Self.layers[1]).features(of: place.images, options: options)
      let taps = try place.backbone().taps(at: Self.layers)
      let cold = try taps.features(of: place.images, options: options)
      #expect(cold[1].features == alone.features)
      #expect(cache.shelves(verifying: true).map(\.rowCount) == [6, 6, 6])
      let warm = try taps.features(of: place.images, options: options)
      #expect(warm.map(\.features) == cold.map(\.features))
      #expect(cache.shelves(verifying: true).map(\.rowCount) == [6, 6, 6])
    }
  }

  @Test func aFileHasATensorALayer() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "zoo-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try DrawnImages.write(to: folder.appending(path: "photos"), perClass: 2)
    let images = try Dataset(folder: folder.appending(path: "photos"))
    let archive = try SyntheticArchive.write("squeezenet", to: folder)
    let taps = try BackboneTaps(contentsOf: archive, at: Self.layers, options: BackboneOptions(size: 64))
    let path = folder.appending(path: "taps.safetensors")
    let summary = try await taps.writeFeatures(of: images, to: path).value
    let tables = try await taps.features(of: images)
    for (layer, table) in zip(Self.layers, tables) {
      let written = try FeatureTable(contentsOf: path, layer: layer)
      #expect(written.features == table.features && written.rows == summary.rows)
    }
    #expect(throws: FeatureFileError.oneTensorOnly(path: "taps.npy", found: Self.layers)) {
      try taps.writeFeatures(of: images, to: "taps.npy")
    }
  }

  @Test func layersThatCannotBeReadAreNamed() throws {
    try withPlace { place in
      let backbone = try place.backbone()
      #expect(throws: ModelZooError.taps(found: [])) { try backbone.taps(at: []) }
      let twice = ["fire3/concat", "fire3/concat"]
      #expect(throws: ModelZooError.taps(found: twice)) { try backbone.taps(at: twice) }
      #expect(throws: ExecutionError.unknownLayer("fire3/concot", nearest: "fire3/concat")) {
        try backbone.taps(at: ["fire9/concat", "fire3/concot"])
      }
    }
  }

  @Test func layersSayWhereANetworkMayBeCut() throws {
    try withPlace { place in
      let backbone = try place.backbone("fire3/concat", pooling: .none)
      let layers = try backbone.layers
      #expect(layers.first?.type == "InputLayer" && layers.first?.outputShape == [64, 64, 3])
      let cut = try #require(layers.first { $0.name == "fire3/concat" })
      #expect(cut.type == "Concatenate" && cut.outputShape == backbone.featureShape.dimensions)
      #expect(layers.first { $0.name == "conv1" }?.parameterCount == 3 * 3 * 3 * 64 + 64)
      let whole = try NetworkCatalog().network("squeezenet")
      #expect(layers.reduce(0) { $0 + $1.parameterCount } == whole.parameterCount)
      #expect(layers.count == whole.layerCount)
    }
  }
}

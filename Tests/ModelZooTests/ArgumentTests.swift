import Catalog
import Errors
import Foundation
import ModelZoo
import TestSupport
import Testing

/// Whatever a caller hands over, the answer is a value or a typed error: nothing here ends the process.
@Suite("Arguments that cannot be meant")
struct ArgumentTests {
  private static let extremes = [Int.min, -1, 0, 1 << 30, Int.max]
  private static let oddNumbers = [Double.nan, .infinity, -.infinity, -1, 1.5, 1e308]

  private func withBackbone(_ body: (Backbone, Dataset, URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let photos = folder.appending(path: "photos")
      try DrawnImages.write(to: photos, perClass: 2)
      let archive = try SyntheticArchive.write("squeezenet", to: folder)
      try body(
        Backbone(contentsOf: archive, options: BackboneOptions(size: 64)), Dataset(folder: photos.path),
        URL(fileURLWithPath: archive))
    }
  }

  @Test func tensorsAndShapes() throws {
    #expect(throws: TensorError.elementCount(shape: [2, 2], found: 3)) {
      try Tensor([1, 2, 3], shape: [2, 2])
    }
    #expect(throws: TensorError.shape(found: [-1])) { try Tensor([], shape: [-1]) }
    #expect(throws: TensorError.shape(found: [.max, 2])) { try Tensor([], shape: [.max, 2]) }
    #expect(try Tensor([1, 2], shape: [2, 1]) == Tensor(shape: [2, 1], scalars: [1, 2]))
    #expect(TensorShape(validating: [-1]) == nil && TensorShape(validating: [.max, .max]) == nil)
    let negative: TensorShape = [-1, 2]
    let endless: TensorShape = [4_294_967_296, 4_294_967_296]
    #expect(negative == [0] && endless == [0])
  }

  @Test func sizesOfImages() throws {
    let bitmap = Bitmap(width: 4, height: 3, red: 1, green: 2, blue: 3)
    for extent in Self.extremes {
      #expect(throws: ImageError.self) { try Bitmap(width: extent, height: 3, pixels: []) }
      #expect(throws: ImageError.self) { try Bitmap(width: extent, height: extent, pixels: [1, 2, 3]) }
      #expect(throws: ImageError.self) {
        try PixelBuffer(width: extent, height: 2, bytesPerRow: extent, channels: .rgba, bytes: [0])
      }
      #expect(throws: ImageError.self) { try bitmap.resized(width: extent, height: 8, .bilinear) }
      #expect(throws: ImageError.self) { try bitmap.resized(width: 8, height: extent, .nearest) }
      for keeps in [false, true] {
        let recipe = ImageRecipe(
          height: extent, width: extent, preprocessing: .tf, keepsAspectRatio: keeps)
        #expect(throws: ImageError.self) {
          try recipe.bitmap(of: Repository.fixture("no such image.png"))
        }
      }
      let size = try bitmap.shrunk(toFit: extent)
      #expect(size.width <= 4 && size.height <= 3)
    }
    let heat = HeatMap(width: 1, height: 1, values: [.nan])
    for opacity in Self.oddNumbers.map({ Float($0) }) {
      #expect(bitmap.overlaid(with: heat, opacity: opacity).width == 4)
    }
  }

  @Test func transformsAndAugmentations() throws {
    try withBackbone { backbone, dataset, _ in
      let path = dataset.paths[0]
      for number in Self.oddNumbers {
        var transform = ImageTransform()
        (transform.theta, transform.tx, transform.zx) = (number, number, number)
        (transform.channelShiftIntensity, transform.brightness) = (number, number)
        transform.colors = [.hue(number), .contrast(number), .saturation(number), .brightness(number)]
        let transformed = try backbone.recipe.bitmap(of: path, transform)
        #expect(transformed.width == 64)
        var augmentation = Augmentation()
        augmentation.rotationRange = number
        augmentation.widthShiftRange = number
        func attempt() throws -> Int {
          try augmentation.bitmap(of: path, name: "a", recipe: backbone.recipe, seed: 0, variant: 0).width
        }
        if number.isFinite, number >= 0 {
          let width = try attempt()
          #expect(width == 64)
        } else {
          #expect(throws: ImageError.self) { try attempt() }
          let variants = ImageVariants(augmentation, seed: 0, numbers: 0..<1)
          #expect(throws: ImageError.self) { try backbone.features(of: dataset, variants: variants) }
        }
      }
      for numbers in [0..<0, -1..<1, Int.min..<Int.max, 0..<Int.max, 5..<5] {
        let variants = ImageVariants(Augmentation(), seed: 0, numbers: numbers)
        #expect(throws: ModelZooError.variants(found: numbers)) {
          try backbone.features(of: dataset, variants: variants)
        }
      }
    }
  }

  @Test func preprocessingWithoutThreeNumbers() throws {
    try withBackbone { backbone, dataset, _ in
      let numbers: [(mean: [Float], deviation: [Float])] = [
        ([], []), ([1], [1, 1, 1]), ([1, 1, 1, 1], [1, 1, 1]), ([1, 1, 1], []), ([1, 1], [1, 1]),
      ]
      for (mean, deviation) in numbers {
        let odd = Preprocessing(
          label: "odd", channelOrder: .rgb, divisor: 0, mean: mean, deviation: deviation)
        let refusal = ImageError.preprocessing(
          label: "odd", expected: "a mean and a deviation for each of 3 channels",
          found: "\(mean.count) means and \(deviation.count) deviations")
        let other = backbone.preprocessing(by: odd)
        let bitmap = try Bitmap(contentsOf: dataset.paths[0])
        #expect(throws: refusal) { try other.features(of: dataset) }
        #expect(throws: refusal) { try other.features(of: bitmap) }
        #expect(throws: refusal) { try odd.scalars(of: bitmap) }
        #expect(throws: refusal) { try other.recipe.tensor(of: dataset.paths[0]) }
      }
    }
  }

  @Test func batchesThreadsAndCounts() throws {
    try withBackbone { backbone, dataset, archive in
      let expected = try backbone.features(of: dataset).features
      for number in [Int.min, -1, 0, Int.max] {
        let options = ExtractionOptions(batchSize: number)
        #expect(try backbone.features(of: dataset, options: options).features == expected, "batch \(number)")
        let other = try Backbone(
          contentsOf: archive, options: BackboneOptions(size: 64), threads: min(number, 3), images: number)
        #expect(try other.features(of: dataset).features == expected, "\(number) images")
        let loader = ImageBatchLoader(
          paths: dataset.paths, recipe: backbone.recipe, batchSize: number, threads: number)
        #expect(try loader.next()?.tensor.shape[0] == (number > 0 ? 6 : 1))
        let cache = FeatureCache(folder: archive.path + ".cache", byteLimit: number)
        #expect(
          try backbone.features(of: dataset, options: ExtractionOptions(cache: cache)).features == expected)
        #expect(cache.shrink(to: number) >= 0)
      }
    }
  }

  @Test func sizesAndLayersOfNetworks() throws {
    try withBackbone { _, _, archive in
      for size in Self.extremes {
        let options = BackboneOptions(size: size)
        #expect(
          performing: { try Backbone(contentsOf: archive, options: options) }, throws: { $0 is any ZooError })
        #expect(throws: CatalogError.self) {
          try NetworkCatalog().summary(of: "squeezenet", size: Extent(size, size))
        }
        #expect(
          performing: { try NetworkBenchmark(archive: archive.path, size: size) },
          throws: { $0 is any ZooError })
      }
      #expect(throws: CatalogError.self) { try NetworkCatalog().network("") }
      let benchmark = try NetworkBenchmark(archive: archive.path, size: 48, threads: 0)
      #expect(try benchmark.measure(batch: -1, seconds: .nan).batch == 1)
    }
  }

  @Test func partsOfADataSet() throws {
    try withBackbone { _, dataset, _ in
      for fraction in Self.oddNumbers + [0, 1] {
        let refusal = try #require(throws: DatasetError.self) { try dataset.split(validation: fraction) }
        #expect("\(refusal)".contains("above 0 and below 1"))
      }
      #expect(throws: DatasetError.self) { try dataset.split(validation: 1e-300, rule: .drawn) }
      #expect(throws: DatasetError.self) { try Dataset(folder: "") }
      #expect(throws: DatasetError.self) { try Dataset(images: [""]) }
      #expect(throws: DatasetError.self) { try Dataset(manifest: "") }
      #expect(SyntheticImageFolder(seed: 0, countPerClass: .min).imageCount == 0)
    }
  }

  @Test func projections() throws {
    try withBackbone { backbone, dataset, _ in
      let table = try backbone.features(of: dataset)
      for number in Self.oddNumbers where number != 1.5 {
        #expect(throws: TrainingError.self) { try table.neighbourEmbedding(perplexity: number) }
      }
      for steps in [Int.min, -1, 0] {
        #expect(throws: TrainingError.self) { try table.neighbourEmbedding(steps: steps) }
      }
      let one = try backbone.features(of: Dataset(images: [dataset.paths[0]]))
      #expect(throws: TrainingError.self) { try one.principalComponents() }
      #expect(throws: TrainingError.self) { try one.neighbourEmbedding() }
      #expect(throws: ModelZooError.projectionFormat(path: "")) {
        try table.principalComponents().write(to: "")
      }
    }
  }
}

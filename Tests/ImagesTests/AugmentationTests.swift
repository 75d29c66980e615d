import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite("Augmentation is ImageDataGenerator's")
struct AugmentationTests {
  struct Fixture: Decodable {
    struct Transformed: Decodable {
      let parameters: Parameters
      let fill_mode: String
      let cval: Float
      let pixels: Data
    }

    struct Parameters: Decodable {
      var theta: Double?
      var tx: Double?
      var ty: Double?
      var shear: Double?
      var zx: Double?
      var zy: Double?
      var flip_horizontal: Bool?
      var flip_vertical: Bool?
      var channel_shift_intensity: Double?
      var brightness: Double?
    }

    struct Standardized: Decodable {
      let options: Options
      let pixels: Data
    }

    struct Options: Decodable {
      var samplewise_center: Bool?
      var samplewise_std_normalization: Bool?
      var featurewise_center: Bool?
      var featurewise_std_normalization: Bool?
      var rescale: Double?
    }

    struct Jitter: Decodable {
      let name: String
      let factor: Double
      let rgb: Data
    }

    struct Aspect: Decodable {
      let width: Int
      let height: Int
      let filter: String
      let rgb: Data
    }

    let width: Int
    let height: Int
    let rgb: Data
    let transforms: [Transformed]
    let standardized: [Standardized]
    let jitters: [Jitter]
    let luma: Data
    let aspects: [Aspect]

    var bitmap: Bitmap { Bitmap(width: width, height: height, samples: [UInt8](rgb)) }
  }

  private let fixture: Fixture

  init() throws {
    let data = try Data(
      contentsOf: URL(fileURLWithPath: Repository.fixture("augmentation/augmentation.json")))
    fixture = try JSONDecoder().decode(Fixture.self, from: data)
  }

  private func floats(_ data: Data) -> [Float] {
    stride(from: 0, to: data.count, by: 4).map { offset in
      var bits: UInt32 = 0
      for byte in data[offset..<offset + 4].reversed() { bits = bits << 8 | UInt32(byte) }
      return Float(bitPattern: bits)
    }
  }

  private var asIs: Preprocessing { .rescaled(by: 1) }

  private func withImage<Result>(_ bitmap: Bitmap, _ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "image.png")
      try Data(bitmap.png()).write(to: url)
      return try body(url.path)
    }
  }

  private func transform(_ item: Fixture.Transformed) throws -> ImageTransform {
    var transform = ImageTransform()
    let given = item.parameters
    (transform.theta, transform.shear) = (given.theta ?? 0, given.shear ?? 0)
    (transform.tx, transform.ty) = (given.tx ?? 0, given.ty ?? 0)
    (transform.zx, transform.zy) = (given.zx ?? 1, given.zy ?? 1)
    transform.flipHorizontal = given.flip_horizontal ?? false
    transform.flipVertical = given.flip_vertical ?? false
    transform.channelShiftIntensity = given.channel_shift_intensity
    transform.brightness = given.brightness
    transform.fillMode = try #require(FillMode(rawValue: item.fill_mode))
    transform.fillValue = item.cval
    return transform
  }

  @Test("apply_transform, value by value")
  func transforms() throws {
    #expect(fixture.transforms.count > 50)
    let recipe = ImageRecipe(height: fixture.height, width: fixture.width, preprocessing: asIs)
    try withImage(fixture.bitmap) { path in
      for item in fixture.transforms {
        let found = try recipe.tensor(of: path, transform(item)).scalars
        let closeness = Closeness(found, floats(item.pixels))
        #expect(
          closeness.isWithin(relative: 0, absolute: 1e-4),
          "\(item.parameters) \(item.fill_mode): \(closeness)")
      }
    }
  }

  @Test("samplewise and featurewise statistics, rescale")
  func standardized() throws {
    let size = (height: fixture.height, width: fixture.width)
    let pixels = fixture.bitmap.pixels
    let rows = (0..<size.height).map { Array(pixels[$0 * 3 * size.width..<($0 + 1) * 3 * size.width]) }
    let others = [rows.reversed().flatMap(\.self), pixels.map { 255 - $0 }]
    try withTemporaryFolder { folder in
      let paths = try ([pixels] + others).enumerated().map { index, pixels in
        let url = folder.appending(path: "\(index).png")
        try Data(Bitmap(width: size.width, height: size.height, samples: pixels).png()).write(to: url)
        return url.path
      }
      for item in fixture.standardized {
        let options = item.options
        var recipe = ImageRecipe(height: size.height, width: size.width, preprocessing: asIs)
        var preprocessing = Preprocessing.rescaled(by: options.rescale ?? 1)
        if options.samplewise_center == true { preprocessing.sample = .centered }
        if options.samplewise_std_normalization == true { preprocessing.sample = .standardized }
        if options.featurewise_center == true || options.featurewise_std_normalization == true {
          preprocessing = try .featurewise(
            of: paths, recipe: recipe, rescale: options.rescale ?? 1,
            normalizesDeviation: options.featurewise_std_normalization == true)
        }
        recipe.preprocessing = preprocessing
        let closeness = Closeness(try recipe.tensor(of: paths[0]).scalars, floats(item.pixels))
        #expect(closeness.isWithin(relative: 4e-6), "\(options): \(closeness)")
      }
    }
  }

  @Test("changes of colour, to the bit")
  func jitters() throws {
    #expect(fixture.jitters.count == 14)
    for item in fixture.jitters {
      let adjustment: ColorAdjustment =
        switch item.name {
        case "brightness": .brightness(item.factor)
        case "contrast": .contrast(item.factor)
        case "saturation": .saturation(item.factor)
        default: .hue(item.factor)
        }
      let expected = Bitmap(width: fixture.width, height: fixture.height, samples: [UInt8](item.rgb))
      let found = adjustment.applied(to: fixture.bitmap)
      #expect(difference(found, expected) == nil, "\(item.name) \(item.factor)")
    }
  }

  @Test("luma and keep_aspect_ratio, to the bit")
  func loading() throws {
    let gray = fixture.bitmap.grayscale.pixels
    for (index, expected) in fixture.luma.enumerated() {
      #expect(gray[3 * index..<3 * index + 3].allSatisfy { $0 == expected }, "pixel \(index)")
    }
    try withImage(fixture.bitmap) { path in
      for item in fixture.aspects {
        let filter = try #require(Interpolation(rawValue: item.filter))
        let recipe = ImageRecipe(
          height: item.height, width: item.width, interpolation: filter, preprocessing: asIs,
          keepsAspectRatio: true)
        let expected = Bitmap(width: item.width, height: item.height, samples: [UInt8](item.rgb))
        #expect(difference(try recipe.bitmap(of: path), expected) == nil, "\(item.width)x\(item.height)")
      }
    }
  }
}

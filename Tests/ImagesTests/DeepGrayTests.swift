import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite("Gray of more than 8 bits equals Keras's")
struct DeepGrayTests {
  private struct Case: Decodable {
    let name: String
    let height: Int
    let width: Int
    let filter: String
    let keeps: Bool
    /// `int32`, little-endian.
    let values: Data

    var floats: [Float] {
      let bytes = [UInt8](values)
      return stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(Int32(bitPattern: bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }))
      }
    }
  }

  private static let unscaled = Preprocessing(
    label: "unscaled", channelOrder: .rgb, divisor: 1, mean: [0, 0, 0], deviation: [1, 1, 1])

  @Test("in gray, every value under every filter")
  func gray() throws {
    let cases: [Case] = try ImageFixtures.json("deep-gray.json")
    #expect(cases.count > 90 && cases.contains { $0.floats.contains { $0 > 60_000 } })
    for item in cases {
      let recipe = ImageRecipe(
        height: item.height, width: item.width,
        interpolation: try #require(Interpolation(rawValue: item.filter)), preprocessing: Self.unscaled,
        colorMode: .grayscale, keepsAspectRatio: item.keeps)
      let scalars = try recipe.tensor(of: ImageFixtures.path("decode/" + item.name)).scalars
      let expected = item.floats.flatMap { [$0, $0, $0] }
      let wrong = zip(scalars, expected).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        scalars.count == expected.count && wrong == nil,
        "\(item.name), \(item.filter) to \(item.width)x\(item.height): \(String(describing: wrong))")
    }
  }

  @Test("in colour, values above 255 are white, and that is said")
  func color() throws {
    let names = [
      "gray16.png", "gray16_little.tiff", "signed32_big.tiff", "float_little.tiff", "raw_1000.pgm",
    ]
    let paths = (names + ["gray8.png"]).map { ImageFixtures.path("decode/" + $0) }
    func caveats(_ mode: ColorMode) throws -> [Int] {
      let recipe = ImageRecipe(height: 4, width: 4, preprocessing: Self.unscaled, colorMode: mode)
      let batch = try #require(try ImageBatchLoader(paths: paths, recipe: recipe).next())
      #expect(batch.caveats.allSatisfy { $0.caveat == .cutAt255 })
      return batch.caveats.map(\.index)
    }
    #expect(try caveats(.rgb) == [0, 1, 2, 3, 4])
    // Keras cuts what Pillow reads as `F` in gray, too.
    #expect(try caveats(.grayscale) == [3])
  }

  @Test("changes of colour, which are those of 8 bits, are refused")
  func colors() throws {
    let recipe = ImageRecipe(
      height: 4, width: 4, preprocessing: Self.unscaled, colorMode: .grayscale)
    let path = ImageFixtures.path("decode/gray16.png")
    var transform = ImageTransform()
    transform.brightness = 1.5
    #expect(throws: ImageError.self) { try recipe.tensor(of: path, transform) }
    transform.brightness = nil
    transform.flipHorizontal = true
    let (plain, flipped) = (
      try recipe.tensor(of: path).scalars, try recipe.tensor(of: path, transform).scalars
    )
    #expect(flipped[0..<3] == plain[9..<12])
  }
}

@Suite("Pages and frames")
struct CaveatTests {
  @Test(
    "the first is read, and that is said",
    arguments: [
      ("pages.tiff", true), ("saved_rgb.tiff", false), ("animated.webp", true), ("lossy.webp", false),
      ("rgb8.png", false),
    ])
  func several(name: String, isSeveral: Bool) throws {
    let recipe = ImageRecipe(height: 4, width: 4, preprocessing: .tf)
    let loader = ImageBatchLoader(paths: [ImageFixtures.path("decode/" + name)], recipe: recipe)
    let caveats = try #require(try loader.next()).caveats.map(\.caveat)
    #expect(caveats == (isSeveral ? [.firstOfSeveral] : []))
  }

  @Test("an animated PNG shows its first frame")
  func animatedPNG() throws {
    let still = try ImageFixtures.bytes("decode/rgb8.png")
    let control: [UInt8] =
      [0, 0, 0, 8] + Array("acTL".utf8) + [0, 0, 0, 2, 0, 0, 0, 0, 0xF3, 0x8D, 0x93, 0x70]
    let animated = Array(still[..<33]) + control + Array(still[33...])
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "animated.png").path
      try Data(animated).write(to: URL(fileURLWithPath: path))
      let recipe = ImageRecipe(height: 4, width: 4, preprocessing: .tf)
      let batch = try #require(try ImageBatchLoader(paths: [path], recipe: recipe).next())
      #expect(batch.failures.isEmpty && batch.caveats.map(\.caveat) == [.firstOfSeveral])
    }
  }
}

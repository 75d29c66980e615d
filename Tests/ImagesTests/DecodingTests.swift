import Images
import TestSupport
import Testing

@Suite("Decoding equals Pillow's")
struct DecodingTests {
  @Test("a fixture of every kind is there")
  func fixturesAreThere() {
    #expect(ImageFixtures.decodedNames.count > 170)
  }

  @Test("pixels", arguments: ImageFixtures.decodedNames)
  func pixels(name: String) throws {
    let expected = try #require(ImageFixtures.decoded[name]).bitmap
    let actual = try Bitmap(contentsOf: ImageFixtures.path("decode/" + name))
    #expect(difference(actual, expected) == nil)
  }

  private struct Oriented: Decodable {
    let stored: ExpectedImage
    let upright: ExpectedImage
  }

  @Test("EXIF orientation only on request", arguments: 1...8, ["jpg", "png", "webp"])
  func orientation(value: Int, ending: String) throws {
    let name = "orientation\(value).\(ending)"
    let all: [String: Oriented] = try ImageFixtures.json("oriented.json")
    let expected = try #require(all[name])
    let path = ImageFixtures.path("oriented/" + name)
    #expect(difference(try Bitmap(contentsOf: path), expected.stored.bitmap) == nil)
    let upright = try Bitmap(contentsOf: path, appliesOrientation: true)
    #expect(difference(upright, expected.upright.bitmap) == nil)
  }
}

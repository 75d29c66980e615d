import Images
import Testing

@Suite("PNG encoding")
struct PNGEncodingTests {
  @Test("what is written reads back", arguments: [(1, 1), (17, 13), (300, 200)])
  func roundTrip(width: Int, height: Int) throws {
    let pixels = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let bitmap = Bitmap(width: width, height: height, samples: pixels)
    let encoded = try bitmap.png()
    #expect(try Bitmap(decoding: encoded.span, name: "p") == bitmap)
    #expect(try bitmap.png() == encoded)
  }

  @Test("one color")
  func oneColor() {
    #expect(
      Bitmap(width: 2, height: 1, red: 1, green: 2, blue: 3).pixels == [1, 2, 3, 1, 2, 3])
  }
}

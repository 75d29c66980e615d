import Foundation
import Images
import Testing

@Suite("Pixels in memory")
struct PixelBufferTests {
  private static let (width, height) = (7, 5)
  private static let bitmap = Bitmap(
    width: width, height: height,
    samples: (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) })

  /// A pixel's bytes by the letters of its layout, with rubbish where nothing is meant.
  private static func bytes(_ channels: PixelBuffer.Channels, _ red: UInt8, _ green: UInt8, _ blue: UInt8)
    -> [UInt8]
  {
    channels.rawValue.map { letter in
      switch letter {
      case "r": red
      case "g": green
      case "b": blue
      default: 0x5A
      }
    }
  }

  @Test(
    "every order of colours, with and without room behind the rows", arguments: PixelBuffer.Channels.allCases)
  func layouts(channels: PixelBuffer.Channels) throws {
    guard channels != .gray else { return }
    for spare in [0, 13] {
      var rows: [UInt8] = []
      for row in 0..<Self.height {
        for column in 0..<Self.width {
          let place = 3 * (row * Self.width + column)
          let pixels = Self.bitmap.pixels
          rows += Self.bytes(channels, pixels[place], pixels[place + 1], pixels[place + 2])
        }
        // The last row may end with its last pixel.
        if row + 1 < Self.height { rows += [UInt8](repeating: 0xA5, count: spare) }
      }
      let buffer = try PixelBuffer(
        width: Self.width, height: Self.height, bytesPerRow: Self.width * channels.byteCount + spare,
        channels: channels, bytes: rows)
      #expect(Bitmap(buffer) == Self.bitmap, "\(channels) with \(spare) bytes to spare")
    }
    #expect(Bitmap(PixelBuffer(Self.bitmap, channels: channels)) == Self.bitmap)
  }

  /// What libpng makes of a gray file is what a gray buffer gives.
  @Test func grayIsReadAsAGrayFileIs() throws {
    let levels = (0..<Self.width * Self.height).map { UInt8(truncatingIfNeeded: 37 &* $0) }
    let header = Array("P5\n\(Self.width) \(Self.height)\n255\n".utf8)
    let file = try Bitmap(decoding: (header + levels).span, name: "p")
    let buffer = try PixelBuffer(width: Self.width, height: Self.height, channels: .gray, bytes: levels)
    #expect(Bitmap(buffer) == file)
    #expect(PixelBuffer(file, channels: .gray).bytes == levels)
  }

  @Test func whatPixelsAreNotIsRefused() {
    func refusal(_ width: Int, _ height: Int, _ stride: Int?, _ count: Int) -> ImageError? {
      do throws(ImageError) {
        _ = try PixelBuffer(
          width: width, height: height, bytesPerRow: stride, channels: .rgba,
          bytes: [UInt8](repeating: 0, count: count))
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal(2, 2, nil, 16) == nil && refusal(2, 2, 11, 19) == nil)
    #expect(refusal(0, 2, nil, 16) == .emptySize(height: 2, width: 0))
    #expect(refusal(2, -1, nil, 16) == .emptySize(height: -1, width: 2))
    #expect(
      refusal(2, 2, 7, 100)
        == .pixelBuffer(expected: "at least 4 bytes for each of 2 pixels in a row", found: "7"))
    #expect(
      refusal(2, 2, nil, 15)
        == .pixelBuffer(expected: "2 rows of 8 bytes, the last of 8 or more", found: "15 bytes"))
    #expect(
      refusal(2, 2, 11, 18)
        == .pixelBuffer(expected: "2 rows of 11 bytes, the last of 8 or more", found: "18 bytes"))
    for extreme in [Int.max, Int.max / 2, Int.min] {
      #expect(refusal(extreme, 1, nil, 16) != nil && refusal(1, extreme, nil, 16) != nil)
      #expect(refusal(1, 3, extreme, 16) != nil && refusal(1, 3, .max / 2, 16) != nil)
    }
    #expect(throws: ImageError.pixelBuffer(expected: "3 samples for each of 2x1 pixels", found: "5 samples"))
    {
      try Bitmap(width: 2, height: 1, pixels: [1, 2, 3, 4, 5])
    }
    #expect(throws: ImageError.emptySize(height: 0, width: 2)) { try Bitmap(width: 2, height: 0, pixels: []) }
  }
}

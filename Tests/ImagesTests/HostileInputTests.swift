import Images
import Randomness
import Tensors
import TestSupport
import Testing

@Suite("Hostile files never crash")
struct HostileInputTests {
  /// One of each decoder and each way through it, small enough for a sweep.
  static let names = [
    "odd_size.jpg", "progressive_420.jpg", "cmyk_adobe.jpg", "rgb8.png", "rgb16_interlaced.png",
    "palette4.png",
    "gray16.png", "palette8_core.bmp", "run_length8.bmp", "run_length4.bmp", "fields_565.bmp", "rgb32.bmp",
    "plain_100.pgm", "raw_1000.ppm", "raw.pbm", "plain.pbm", "plain_comment_inside.pgm",
    "saved_rgb.tiff", "tiff_lzw.tiff", "group4.tiff", "jpeg_ycbcr.tiff", "tiles.tiff", "planar.tiff",
    "palette4_big.tiff",
    "gray16_little.tiff", "tiff_adobe_deflate.tiff", "packbits.tiff", "lossy.webp", "lossless.webp",
    "alpha.webp", "animated.webp",
  ]

  /// Where the last number is cut, `107` is a good `10`; everything else shows.
  @Test("cut anywhere: an error or the whole image", arguments: names.filter { $0 != "plain_100.pgm" })
  func truncated(name: String) throws {
    let bytes = try ImageFixtures.bytes("decode/" + name)
    let whole = try #require(ImageFixtures.decoded[name]).bitmap
    var refusals = 0
    for count in bytes.indices {
      do throws(ImageError) {
        let image = try Bitmap(decoding: bytes.span.extracting(0..<count), name: "p")
        #expect(difference(image, whole) == nil, "cut at \(count)")
      } catch {
        refusals += 1
        #expect(error.family == .malformed, "cut at \(count): \(error)")
      }
    }
    #expect(refusals > bytes.count / 2)
  }

  @Test("half a file says that it is truncated", arguments: names.filter { !$0.hasPrefix("plain") })
  func truncationIsNamed(name: String) throws {
    let bytes = try ImageFixtures.bytes("decode/" + name)
    let whole = try #require(ImageFixtures.decoded[name]).bitmap
    // Past the header, inside the pixels.
    let cut = bytes.span.extracting(0..<bytes.count - bytes.count / 20 - 3)
    do throws(ImageError) {
      let image = try Bitmap(decoding: cut, name: "p")
      // What ends a TIFF may be numbers that follow from others.
      #expect(name == "planar.tiff" && difference(image, whole) == nil, "decoded half a file")
    } catch {
      #expect(error.description.hasPrefix("p: truncated "), "\(error)")
    }
  }

  /// The library would go on with invented gray.
  @Test(
    "a JPEG whose image data is damaged is no image",
    arguments: ["baseline_420.jpg", "progressive_420.jpg"])
  func damagedJPEG(name: String) throws {
    var bytes = try ImageFixtures.bytes("decode/" + name)
    let scan = try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let middle = (scan + bytes.count) / 2
    bytes.replaceSubrange(middle..<middle + 2, with: [0xFF, 0xD9])
    let detail = "Corrupt JPEG data: premature end of data segment"
    #expect(throws: ImageError.malformed(name: "p", format: .jpeg, detail: detail)) {
      try Bitmap(decoding: bytes.span, name: "p")
    }
  }

  @Test("any byte changed: an error or some image of a size that was checked", arguments: names)
  func flipped(name: String) throws {
    let original = try ImageFixtures.bytes("decode/" + name)
    let limits = DecodingLimits(sideLength: 4000, pixelCount: 100_000, fileByteCount: 1 << 20)
    var generator = SplitMix64(seed: 1)
    var outcomes = (images: 0, errors: 0)
    for offset in original.indices {
      var bytes = original
      bytes[offset] ^= UInt8(truncatingIfNeeded: generator.next() % 255 + 1)
      do throws(ImageError) {
        let image = try Bitmap(
          decoding: bytes.span, name: "p", appliesOrientation: true, limits: limits)
        #expect(image.width * image.height <= limits.pixelCount)
        outcomes.images += 1
      } catch {
        outcomes.errors += 1
      }
    }
    #expect(outcomes.errors > 0, "\(outcomes)")
  }

  @Test("a broken EXIF block leaves the image as it is stored")
  func brokenExif() throws {
    let bytes = try ImageFixtures.bytes("oriented/orientation6.jpg")
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("Exif".utf8)) })
    let end = start - 2 + Int(bytes[start - 2]) << 8 + Int(bytes[start - 1])
    #expect(bytes[end] == 0xFF)
    for offset in start..<end {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] {
        var broken = bytes
        broken[offset] = value
        #expect(throws: Never.self) {
          try Bitmap(decoding: broken.span, name: "p", appliesOrientation: true)
        }
      }
    }
  }
}

import Files
import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite("Refusals")
struct RefusalTests {
  private func sentence(_ bytes: [UInt8], limits: DecodingLimits = .standard) -> String {
    do throws(ImageError) {
      _ = try Bitmap(decoding: bytes.span, name: "p", limits: limits)
      return "no error"
    } catch {
      return error.description
    }
  }

  @Test(
    "formats by name",
    arguments: [("gif", "GIF"), ("avif", "AVIF")])
  func foreign(ending: String, name: String) throws {
    let bytes = try ImageFixtures.bytes("refused/picture.\(ending)")
    #expect(sentence(bytes) == "p: \(name) is not supported; convert to PNG or JPEG")
  }

  @Test(
    "what is no image",
    arguments: [
      ("", "an empty file; the download never began; fetch the file again"),
      (
        "<!DOCTYPE html>",
        "an HTML page; the address showed a page instead of the file; fetch the file itself"
      ),
      ("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer; run 'git lfs pull'"),
      ("PK\u{3}\u{4}", "a zip archive; unpack it first"), ("hello", "a text that begins 'hello'"),
      ("P7\n", "a text that begins 'P7'"), ("P", "a text that begins 'P'"), ("P\u{1}", "unknown bytes"),
    ])
  func notImages(text: String, found: String) {
    #expect(
      sentence(Array(text.utf8))
        == "p: not an image; expected JPEG, PNG, BMP, PPM, TIFF or WebP, found \(found)")
  }

  @Test("a missing file, a folder, a pipe")
  func unreadable() throws {
    #expect(throws: ImageError.unreadable(path: "/no/such", reason: "no such file or folder; check the path"))
    {
      try Bitmap(contentsOf: "/no/such")
    }
    #expect(throws: ImageError.unreadable(path: "/", reason: "it is a folder; name an image inside it")) {
      try Bitmap(contentsOf: "/")
    }
    let device = ImageError.unreadable(
      path: "/dev/null", reason: "it is a device or a pipe, not a file")
    #expect(throws: device) {
      try Bitmap(contentsOf: "/dev/null")
    }
  }

  @Test("a file above the limit is not read")
  func fileLimit() throws {
    let limits = DecodingLimits(sideLength: 100, pixelCount: 1000, fileByteCount: 10)
    let path = ImageFixtures.path("decode/gray.jpg")
    let byteCount = try ImageFixtures.bytes("decode/gray.jpg").count
    #expect(throws: ImageError.fileTooLarge(path: path, byteCount: byteCount, limits: limits)) {
      try Bitmap(contentsOf: path, limits: limits)
    }
  }

  @Test(
    "pixels above the limits",
    arguments: [
      "baseline_420.jpg", "rgb8.png", "rgb24.bmp", "raw_255.ppm", "saved_rgb.tiff", "tiles.tiff",
      "lossy.webp",
      "animated.webp",
    ])
  func pixelLimits(name: String) throws {
    let bytes = try ImageFixtures.bytes("decode/" + name)
    let expected = try #require(ImageFixtures.decoded[name])
    let (width, height) = (expected.width, expected.height)
    for limits in [
      DecodingLimits(sideLength: width - 1, pixelCount: 1 << 30, fileByteCount: 1 << 20),
      DecodingLimits(sideLength: 1000, pixelCount: width * height - 1, fileByteCount: 1 << 20),
    ] {
      #expect(throws: ImageError.tooManyPixels(name: "p", width: width, height: height, limits: limits)) {
        try Bitmap(decoding: bytes.span, name: "p", limits: limits)
      }
    }
    let exact = DecodingLimits(
      sideLength: max(width, height), pixelCount: width * height, fileByteCount: 1 << 20)
    #expect(throws: Never.self) { try Bitmap(decoding: bytes.span, name: "p", limits: exact) }
  }

  @Test("sizes a file is too small for")
  func bombs() throws {
    var bmp = try ImageFixtures.bytes("decode/rgb24.bmp")
    bmp.replaceSubrange(18..<26, with: [0x10, 0x27, 0, 0, 0x10, 0x27, 0, 0])
    #expect(sentence(bmp) == "p: damaged BMP: 10000x10000 pixels cannot be in \(bmp.count) bytes")
    var jpeg = try ImageFixtures.bytes("decode/gray.jpg")
    let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x27, 0x10, 0x27, 0x10])
    #expect(sentence(jpeg) == "p: damaged JPEG: 10000x10000 pixels cannot be in \(jpeg.count) bytes")
    let netpbm = "P5 10000 10000 255\nxx"
    #expect(sentence(Array(netpbm.utf8)) == "p: damaged PPM: 10000x10000 pixels cannot be in 21 bytes")
    #expect(sentence(Array("P5 0 5 255\n".utf8)) == "p: damaged PPM: 0x5 pixels")
  }

  @Test("a JPEG of more scans than an encoder writes")
  func scans() throws {
    let gray = try ImageFixtures.bytes("decode/gray_progressive.jpg")
    func marker(from start: Int, _ isWanted: (UInt8) -> Bool) throws -> Int {
      try #require(
        gray.indices.dropFirst(start).dropLast().first { gray[$0] == 0xFF && isWanted(gray[$0 + 1]) })
    }
    let start = try marker(from: 0) { $0 == 0xDA }
    let end = try marker(from: start + 2) { $0 != 0 }
    let first = Array(gray[start..<end])
    func repeating(_ count: Int) -> [UInt8] {
      gray[..<start] + (0..<count).flatMap { _ -> [UInt8] in first } + gray[end...]
    }
    #expect(sentence(repeating(300)) == "no error")
    #expect(sentence(repeating(600)) == "p: damaged JPEG: more than 500 scans")
  }

  /// Each pass over a large image takes time, however few bytes ask for it.
  @Test("a large JPEG may have fewer scans than a small one")
  func scansOfALargeImage() throws {
    let bytes = try ImageFixtures.bytes("refused/many_scans.jpg")
    #expect(sentence(bytes) == "p: damaged JPEG: more than 39 scans")
  }

  @Test("image data after the last row of a PNG", arguments: [(1, false), (2, true), (40, true)])
  func surplus(blocks: Int, isRefused: Bool) throws {
    let raw: [UInt8] = [0, 128] + [UInt8](repeating: 0, count: 65533)
    let block: [UInt8] = [0, 0xFF, 0xFF, 0, 0] + raw
    var data: [UInt8] = [0x78, 0x01]
    for _ in 0..<blocks { data += block }
    var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    png += chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
    png += chunk("IDAT", data) + chunk("IEND", [])
    let refusal = sentence(png)
    let expected =
      isRefused ? "\(data.count) bytes of image data after the last row" : "Not enough image data"
    #expect(refusal == "p: damaged PNG: " + expected)
  }

  private func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(kind.utf8) + data
    let checksum = body.withRawSpan { CRC32.of($0) }
    return bigEndian(UInt32(data.count)) + body + bigEndian(checksum)
  }

  private func bigEndian(_ word: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
  }

  @Test("parts of a format we do not decode")
  func unsupported() throws {
    var bmp = try ImageFixtures.bytes("decode/rgb24.bmp")
    bmp[28] = 2
    #expect(
      sentence(bmp) == "p: BMP with 2 bits a pixel is not supported; convert to 8-bit PNG or JPEG")
    bmp[28] = 24
    bmp[30] = 4
    #expect(sentence(bmp) == "p: BMP with compression 4 is not supported; convert to 8-bit PNG or JPEG")
    var jpeg = try ImageFixtures.bytes("decode/gray.jpg")
    let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg[frame + 4] = 12
    #expect(sentence(jpeg).hasPrefix("p: JPEG with Unsupported JPEG data precision 12"))
  }

  @Test("a PNG chunk whose checksum is wrong")
  func checksum() throws {
    var png = try ImageFixtures.bytes("decode/rgb8.png")
    png[png.count - 14] ^= 1
    #expect(sentence(png).hasPrefix("p: damaged PNG: "))
  }

  @Test("values a Netpbm file may not have")
  func netpbmValues() {
    #expect(sentence(Array("P2 1 1 10\n11 ".utf8)) == "p: damaged PPM: the value 11 is above the largest, 10")
    #expect(
      sentence(Array("P2 1 1 70000\n1 ".utf8))
        == "p: damaged PPM: the largest value must be 1 to 65535, found 70000")
    #expect(
      sentence(Array("P1 2 1\n1 2".utf8))
        == "p: damaged PPM: expected a number at byte 9, found byte value 50")
    #expect(
      sentence(Array("P5 2 2 255\nabc".utf8)) == "p: truncated PPM: 14 bytes are too few for 2x2 pixels")
    #expect(
      sentence(Array("P5 99999999999 2 255\n".utf8)) == "p: damaged PPM: a number of more than 10 digits")
  }
}

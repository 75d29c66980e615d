import Images
import TestSupport
import Testing

/// Words of image files at their limits: lengths, sizes, offsets and counts that are not true.
@Suite struct ImageSweepTests {
  @Test(arguments: HostileInputTests.names)
  func isAnErrorOrAnImage(name: String) throws {
    let bytes = try ImageFixtures.bytes("decode/" + name)
    let limits = DecodingLimits(sideLength: 4000, pixelCount: 100_000, fileByteCount: 1 << 20)
    let sweep = try Sweep(of: bytes, sample: 11, maySayOtherwise: true) { bytes in
      let image = try Bitmap(decoding: bytes.span, name: "p", appliesOrientation: true, limits: limits)
      #expect(image.width * image.height <= limits.pixelCount)
      return [image.width, image.height]
    }
    #expect(sweep.errors > 0)
  }
}

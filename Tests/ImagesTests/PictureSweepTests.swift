import Images
import TestSupport
import Testing

/// Words of picture files at their limits: lengths, sizes, offsets and counts that are not true.
@Suite struct PictureSweepTests {
  @Test(arguments: HostileInputTests.names)
  func isAnErrorOrAPicture(name: String) throws {
    let bytes = try ImageFixtures.bytes("decode/" + name)
    let limits = DecodingLimits(sideLength: 4000, pixelCount: 100_000, fileByteCount: 1 << 20)
    let sweep = try Sweep(of: bytes, sample: 11, maySayOtherwise: true) { bytes in
      let picture = try Bitmap(decoding: bytes.span, name: "p", appliesOrientation: true, limits: limits)
      #expect(picture.width * picture.height <= limits.pixelCount)
      return [picture.width, picture.height]
    }
    #expect(sweep.errors > 0)
  }
}

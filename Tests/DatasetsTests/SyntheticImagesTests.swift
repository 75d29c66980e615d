import Datasets
import Images
import Tensors
import Testing

@Suite struct SyntheticImagesTests {
  private let images = SyntheticImages(seed: 7)

  /// FNV-1a over the pixels, as `Tests/Fixtures/synthetic-images/make.py` draws them.
  @Test(arguments: [
    (SyntheticImages.Pattern.circles, 740_030_485_373_206_320 as UInt64),
    (.noise, 3_841_803_791_346_919_447), (.stripes, 10_381_450_703_894_009_893),
  ])
  func pixelsAreTheSameEverywhere(pattern: SyntheticImages.Pattern, expected: UInt64) {
    let bitmap = images.bitmap(pattern, index: 3, width: 96, height: 64)
    let hash = bitmap.pixels.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
    }
    #expect(hash == expected)
  }

  @Test(arguments: SyntheticImages.Pattern.allCases)
  func noTwoAreAlike(pattern: SyntheticImages.Pattern) {
    let bitmaps = (0..<50).map { images.bitmap(pattern, index: $0, width: 32, height: 24) }
    #expect(Set(bitmaps).count == 50)
    #expect(bitmaps.allSatisfy { $0.width == 32 && $0.height == 24 && Set($0.pixels).count > 1 })
  }

  @Test func anImageDependsOnTheSeed() {
    let other = SyntheticImages(seed: 8)
    let bitmap = images.bitmap(.noise, index: 0, width: 8, height: 8)
    #expect(bitmap != other.bitmap(.noise, index: 0, width: 8, height: 8))
    #expect(bitmap == SyntheticImages(seed: 7).bitmap(.noise, index: 0, width: 8, height: 8))
  }

  @Test(arguments: SyntheticImages.Pattern.allCases)
  func theSmallestImageIsOnePixel(pattern: SyntheticImages.Pattern) {
    #expect(images.bitmap(pattern, index: 0, width: 1, height: 1).pixels.count == 3)
  }
}

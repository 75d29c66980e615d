import Datasets
import Foundation
import Images
import Tensors
import TestSupport
import Testing

@Suite("What is drawn for an image")
struct RandomTransformTests {
  private func everything() -> Augmentation {
    var augmentation = Augmentation()
    augmentation.rotationRange = 30
    augmentation.widthShiftRange = 0.25
    augmentation.heightShiftRange = 5
    augmentation.shearRange = 10
    augmentation.zoomRange = 0.7...1.2
    (augmentation.horizontalFlip, augmentation.verticalFlip) = (true, true)
    augmentation.brightnessRange = 0.5...1.5
    augmentation.channelShiftRange = 20
    augmentation.randomResizedCrop = RandomResizedCrop()
    augmentation.colorJitter = ColorJitter(brightness: 0.4, contrast: 0.3, saturation: 0.2, hue: 0.1)
    return augmentation
  }

  private func draw(_ augmentation: Augmentation, seed: UInt64 = 1, variant: Int = 0, name: String = "a.png")
    -> ImageTransform
  {
    augmentation.transform(seed: seed, variant: variant, name: name, height: 50, width: 200)
  }

  @Test("everything stays within its range, and all of it is used")
  func ranges() {
    let drawn = (0..<500).map { draw(everything(), variant: $0) }
    func check(_ value: (ImageTransform) -> Double, _ range: ClosedRange<Double>) {
      let values = drawn.map(value)
      #expect(values.allSatisfy(range.contains))
      let width = range.upperBound - range.lowerBound
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      #expect(least < range.lowerBound + width / 20 && most > range.upperBound - width / 20)
    }
    check({ $0.theta }, -30...30)
    check({ $0.tx }, -5...5)
    check({ $0.ty }, -50...50)
    check({ $0.shear }, -10...10)
    check({ $0.zx }, 0.7...1.2)
    check({ $0.zy }, 0.7...1.2)
    check({ $0.channelShiftIntensity ?? -99 }, -20...20)
    check({ $0.brightness ?? -99 }, 0.5...1.5)
    #expect((200...300).contains(drawn.count { $0.flipHorizontal }))
    #expect((200...300).contains(drawn.count { $0.flipVertical }))
    #expect(drawn.allSatisfy { $0.colors.count == 4 })
    #expect(Set(drawn.map { "\($0.colors[0])".prefix(4) }).count == 4)
  }

  @Test("seed, variant and name decide; one setting does not change another's numbers")
  func independence() {
    let augmentation = everything()
    #expect(draw(augmentation) == draw(augmentation))
    let others = [
      draw(augmentation, seed: 2), draw(augmentation, variant: 1), draw(augmentation, name: "b.png"),
    ]
    for other in others { #expect(other.theta != draw(augmentation).theta) }
    var fewer = Augmentation()
    fewer.zoomRange = 0.7...1.2
    #expect(draw(fewer).zy == draw(augmentation).zy)
    #expect(draw(fewer).brightness == nil && draw(fewer).theta == 0)
  }

  @Test("flips alone have two or four variants")
  func finite() {
    var augmentation = Augmentation()
    #expect(augmentation.isIdentity && draw(augmentation).isIdentity)
    #expect(draw(augmentation).label == "")
    augmentation.horizontalFlip = true
    #expect(augmentation.finiteVariantCount == 2)
    #expect((0..<2).map { draw(augmentation, variant: $0).flipHorizontal } == [false, true])
    augmentation.verticalFlip = true
    #expect(augmentation.finiteVariantCount == 4)
    #expect(Set((0..<4).map { draw(augmentation, variant: $0).label }).count == 4)
    augmentation.rotationRange = 1
    #expect(augmentation.finiteVariantCount == nil)
    var vertical = Augmentation()
    vertical.verticalFlip = true
    #expect((0..<2).map { draw(vertical, variant: $0).flipVertical } == [false, true])
  }

  @Test("a random crop lies inside, keeps its proportions, and is the same for the same seed")
  func crops() throws {
    let crop = RandomResizedCrop(scale: 0.1...0.5, ratio: 0.5...2)
    var augmentation = Augmentation()
    augmentation.randomResizedCrop = crop
    try withTemporaryFolder { folder in
      let bitmap = SyntheticImages(seed: 3).bitmap(.noise, index: 0, width: 90, height: 60)
      let path = folder.appending(path: "a.png")
      try Data(bitmap.png()).write(to: path)
      let recipe = ImageRecipe(height: 20, width: 30, interpolation: .bilinear, preprocessing: .tf)
      let images = try (0..<40).map {
        try augmentation.bitmap(of: path.path, name: "a", recipe: recipe, seed: 5, variant: $0)
      }
      #expect(images.allSatisfy { $0.width == 30 && $0.height == 20 })
      #expect(Set(images).count > 35)
      #expect(
        try images[7] == augmentation.bitmap(of: path.path, name: "a", recipe: recipe, seed: 5, variant: 7))
    }
  }
}

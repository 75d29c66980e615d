import Randomness
import Tensors

/// Data augmentation: random changes to images that keep their class, by the names of Keras's `ImageDataGenerator`;
/// random crops and colours by torchvision's.
///
/// All random numbers follow from a seed, the number of the variant (such as an epoch) and the image's name, never from
/// the order of the work. The geometry is Keras's to the last step of its arithmetic.
///
/// ```swift
/// var augmentation = Augmentation()
/// augmentation.rotationRange = 20
/// augmentation.zoomRange = 0.8...1.2
/// augmentation.horizontalFlip = true
/// ```
public struct Augmentation: Hashable, Sendable {
  /// Random rotations from minus to plus this many degrees.
  public var rotationRange = 0.0
  /// Random horizontal shifts from minus to plus this: below 1 a fraction of the width, from 1 pixels.
  public var widthShiftRange = 0.0
  /// Random vertical shifts from minus to plus this: below 1 a fraction of the height, from 1 pixels.
  public var heightShiftRange = 0.0
  /// Random shears from minus to plus this many degrees.
  public var shearRange = 0.0
  /// Random zoom factors, drawn for each axis; below 1 enlarges. Keras's `zoom_range=0.2` is `0.8...1.2`.
  public var zoomRange = 1.0...1.0
  /// Whether half of the images, at random, are flipped left to right.
  public var horizontalFlip = false
  /// Whether half of the images, at random, are flipped upside down.
  public var verticalFlip = false
  /// Factors of brightness; nil for no change. 1 is the image as it is.
  public var brightnessRange: ClosedRange<Double>?
  /// A random number from minus to plus this is added to all values.
  public var channelShiftRange = 0.0
  /// How pixels outside the image are filled.
  public var fillMode: FillMode = .nearest
  /// Keras's `cval`, 0 to 255: the value of pixels outside the image with ``FillMode/constant``.
  public var fillValue: Float = 0
  /// A random part of every image, before it is resized.
  public var randomResizedCrop: RandomResizedCrop?
  /// Random changes of colour.
  public var colorJitter: ColorJitter?

  /// Changes nothing.
  public init() {}

  /// Whether images stay as they are.
  public var isIdentity: Bool { finiteVariantCount == 1 }

  /// The number of different variants of one image: 1 without changes, 2 or 4 for flips alone; nil for any number.
  public var finiteVariantCount: Int? {
    var still = self
    (still.horizontalFlip, still.verticalFlip) = (false, false)
    (still.fillMode, still.fillValue) = (.nearest, 0)
    guard still == Augmentation() else { return nil }
    return (horizontalFlip ? 2 : 1) * (verticalFlip ? 2 : 1)
  }

  /// What is done to an image in variant number `variant`.
  ///
  /// Only where ``check()`` finds nothing.
  ///
  /// With flips alone the variants are the 2 or 4 images there are; the seed has no say.
  ///
  /// - Parameters:
  ///   - seed: with `variant` and `name`, the seed of all random changes.
  ///   - variant: from 0; of a finite number of variants they come round again.
  ///   - name: the image's name within its data set.
  ///   - height: rows of the network's input, of which shifts are parts.
  ///   - width: columns of the network's input.
  package func transform(seed: UInt64, variant: Int, name: String, height: Int, width: Int) -> ImageTransform
  {
    if let count = finiteVariantCount { return flip(variant % count) }
    var generator = SplitMix64(seed: Self.mix(seed, variant, name))
    var drawn = ImageTransform()
    // Every number is drawn whether it is used or not, so that one setting does not change another's numbers.
    drawn.theta = generator.uniform(-rotationRange...rotationRange)
    drawn.tx =
      generator.uniform(-heightShiftRange...heightShiftRange) * (heightShiftRange < 1 ? Double(height) : 1)
    drawn.ty =
      generator.uniform(-widthShiftRange...widthShiftRange) * (widthShiftRange < 1 ? Double(width) : 1)
    drawn.shear = generator.uniform(-shearRange...shearRange)
    drawn.zx = generator.uniform(zoomRange)
    drawn.zy = generator.uniform(zoomRange)
    let flips = (generator.nextUnit() < 0.5, generator.nextUnit() < 0.5)
    (drawn.flipHorizontal, drawn.flipVertical) = (flips.0 && horizontalFlip, flips.1 && verticalFlip)
    let shift = generator.uniform(-channelShiftRange...channelShiftRange)
    if channelShiftRange > 0 { drawn.channelShiftIntensity = shift }
    let brightness = generator.uniform(brightnessRange ?? 1...1)
    if brightnessRange != nil { drawn.brightness = brightness }
    let cropSeed = generator.next()
    drawn.crop = randomResizedCrop.map { RandomResizedCrop.Draw(limits: $0, seed: cropSeed) }
    drawn.colors = colorJitter?.draw(&generator) ?? []
    (drawn.fillMode, drawn.fillValue) = (fillMode, fillValue)
    return drawn
  }

  /// Variant number `variant` of an image, at the network's size and before preprocessing; the result can be shown.
  ///
  /// - Parameters:
  ///   - location: where the image is.
  ///   - name: the image's name within its data set, `Dataset.Item.name`.
  ///   - recipe: how it is resized.
  ///   - seed: with `variant` and `name`, the seed of all random changes.
  ///   - variant: from 0.
  /// - Throws: ``ImageError`` for what is no readable image.
  public func bitmap(
    of location: ImageLocation, name: String, recipe: ImageRecipe, seed: UInt64, variant: Int
  ) throws(ImageError) -> Bitmap {
    try check()
    return try recipe.bitmap(
      of: location,
      transform(seed: seed, variant: variant, name: name, height: recipe.height, width: recipe.width))
  }

  /// Which of `count` variants an image is in an epoch, each as likely as the other.
  package static func variant(of name: String, epoch: Int, count: Int, seed: UInt64) -> Int {
    guard count > 1 else { return 0 }
    // Another stream than the variants' own.
    var generator = SplitMix64(seed: mix(~seed, epoch, name))
    return Int(generator.nextUnit() * Double(count))
  }

  private func flip(_ variant: Int) -> ImageTransform {
    var transform = ImageTransform()
    transform.flipHorizontal = horizontalFlip && variant % 2 == 1
    transform.flipVertical = verticalFlip && (horizontalFlip ? variant / 2 : variant) == 1
    return transform
  }

  /// A seed from three things: FNV-1a of the name's bytes, and a step of the generator for each of the others.
  private static func mix(_ seed: UInt64, _ variant: Int, _ name: String) -> UInt64 {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    var first = SplitMix64(seed: seed)
    var second = SplitMix64(seed: first.next() ^ UInt64(truncatingIfNeeded: variant))
    var third = SplitMix64(seed: second.next() ^ hash)
    return third.next()
  }
}

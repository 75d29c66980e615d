import Datasets
public import Images

/// The random variants of images to compute, all from one augmentation. An empty or invalid range of variants is an
/// error when images are read.
public struct ImageVariants: Sendable {
  /// The augmentation.
  public let augmentation: Augmentation
  /// The seed of the random changes.
  public let seed: UInt64
  /// The numbers of the variants; a row each.
  public let numbers: Range<Int>

  /// Describes variants by an augmentation, a seed and their numbers, from 0.
  public init(_ augmentation: Augmentation, seed: UInt64, numbers: Range<Int>) {
    self.augmentation = augmentation
    self.seed = seed
    self.numbers = numbers
  }

  /// Every image as it is.
  public static let plain = ImageVariants(Augmentation(), seed: 0, numbers: 0..<1)

  /// More of one image than this are a mistake, and would take all memory.
  static let mostNumbers = 1_000_000

  /// - Throws: ``ModelZooError/variants(found:)``, and `ImageError` for an augmentation that cannot be meant.
  func check() throws {
    guard numbers.lowerBound >= 0, (1...Self.mostNumbers).contains(numbers.count) else {
      throw ModelZooError.variants(found: numbers)
    }
    try augmentation.check()
  }

  func jobs(of images: Dataset, _ recipe: ImageRecipe) -> [ImageJob] {
    images.items.map { item in
      ImageJob(
        location: item.location,
        transforms: numbers.map {
          augmentation.transform(
            seed: seed, variant: $0, name: item.name, height: recipe.height, width: recipe.width)
        }, fingerprint: item.fingerprint)
    }
  }

  /// The rows there will be when every image can be read.
  func rows(of images: Dataset) -> FeatureRows {
    let indices = images.items.indices.flatMap { Array(repeating: $0, count: numbers.count) }
    return FeatureRows(images).keeping(indices)
  }
}

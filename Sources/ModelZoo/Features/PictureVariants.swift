import Datasets
public import Images

/// Which variants of pictures are wanted: all of them changed by one augmentation.
public struct PictureVariants: Sendable {
  /// What changes them.
  public let augmentation: Augmentation
  /// What the changes are drawn from.
  public let seed: UInt64
  /// The numbers of the variants; a row each.
  public let numbers: Range<Int>

  /// - Precondition: `numbers` is not empty.
  public init(_ augmentation: Augmentation, seed: UInt64, numbers: Range<Int>) {
    precondition(!numbers.isEmpty, "PictureVariants: expected one variant at least")
    self.augmentation = augmentation
    self.seed = seed
    self.numbers = numbers
  }

  /// Every picture as it is.
  public static let plain = PictureVariants(Augmentation(), seed: 0, numbers: 0..<1)

  func jobs(of pictures: Dataset, _ recipe: ImageRecipe) -> [PictureJob] {
    pictures.items.map { item in
      PictureJob(
        path: item.path,
        transforms: numbers.map {
          augmentation.transform(
            seed: seed, variant: $0, name: item.name, height: recipe.height, width: recipe.width)
        })
    }
  }

  /// The rows there will be when every picture can be read.
  func rows(of pictures: Dataset) -> FeatureRows {
    let indices = pictures.items.indices.flatMap { Array(repeating: $0, count: numbers.count) }
    return FeatureRows(pictures).keeping(indices)
  }
}

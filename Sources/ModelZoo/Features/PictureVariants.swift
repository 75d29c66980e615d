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

  func jobs(of pictures: PictureList, _ recipe: ImageRecipe) -> [PictureJob] {
    zip(pictures.paths, pictures.rows.files).map { path, name in
      PictureJob(
        path: path,
        transforms: numbers.map {
          augmentation.transform(
            seed: seed, variant: $0, name: name, height: recipe.height, width: recipe.width)
        })
    }
  }

  /// The rows there will be when every picture can be read.
  func rows(of pictures: PictureList) -> FeatureRows {
    let indices = pictures.paths.indices.flatMap { Array(repeating: $0, count: numbers.count) }
    return pictures.rows.keeping(indices)
  }
}

import Datasets
import Images
import Kernels
import Tensors
import Training

/// The features of training images, as they are in every epoch.
struct AugmentedFeatures: Sendable {
  /// What the images are, one a readable image.
  let labels: [Int]
  /// The images that could not be read.
  let skipped: [SkippedImage]
  private let backbone: Backbone
  private let images: Dataset
  private let augmentation: Augmentation
  private let seed: UInt64
  private let extraction: ExtractionOptions
  private let context: JobContext<TrainingEvent>
  /// The rows of all variants, image by image; of the first epoch where every epoch has its own.
  private let table: RowTable
  /// Where they wait on the disk, if they are many; nil for in memory.
  private let cache: FeatureCache?
  /// How many variants there are of each image; nil where every epoch has its own.
  private let variantCount: Int?

  /// Computes what can be computed ahead: all variants of all images, or the first epoch.
  init(
    _ backbone: Backbone, _ images: Dataset, _ options: TrainingOptions,
    _ extraction: ExtractionOptions, _ context: JobContext<TrainingEvent>
  ) throws {
    (self.backbone, self.images, self.context) = (backbone, images, context)
    (augmentation, seed) = (options.augmentation, options.seed)
    cache = options.waitingCache(extraction)
    var extraction = extraction
    variantCount = options.augmentation.finiteVariantCount ?? options.variants
    // What is never the same twice need not be kept.
    if variantCount == nil { extraction.cache = nil }
    self.extraction = extraction
    let variants = ImageVariants(
      options.augmentation, seed: options.seed, numbers: 0..<max(1, variantCount ?? 1))
    table = try backbone.table(
      of: images, as: .training, variants, options: extraction, beside: cache, context)
    skipped = table.skipped
    let count = variants.numbers.count
    let rowLabels = table.rows.labels
    labels = stride(from: 0, to: rowLabels.count, by: count).map { rowLabels[$0] }
  }

  /// Features that are there, one row an image: every epoch is the same.
  init(
    _ backbone: Backbone, _ split: FeatureSplit, _ options: TrainingOptions,
    _ context: JobContext<TrainingEvent>
  ) {
    (self.backbone, images, self.context) = (backbone, split.images.training, context)
    (augmentation, seed) = (options.augmentation, options.seed)
    (cache, extraction, variantCount) = (nil, ExtractionOptions(), 1)
    table = RowTable(split.training)
    (skipped, labels) = ([], table.rows.labels)
  }

  /// Whether every epoch looks the same.
  var isConstant: Bool { variantCount == 1 }

  /// The features `[N] + featureShape` of an epoch: of each image a variant that the seed draws, or a new one.
  func features(epoch: Int) throws -> any SampleRows {
    guard let count = variantCount else { return try newFeatures(epoch) }
    guard count > 1 else { return table.features }
    return chosen { row in
      let name = table.rows.files[row * count]
      return Augmentation.variant(of: name, epoch: epoch, count: count, seed: seed)
    }
  }

  /// The first variant of each image: with flips, the image as it is.
  var firstTable: RowTable {
    guard let count = variantCount, count > 1 else { return table }
    let indices = labels.indices.map { $0 * count }
    return RowTable(features: chosen { _ in 0 }, rows: table.rows.keeping(indices), skipped: skipped)
  }

  /// The features and labels of the first variants.
  var firstVariants: SourcedSamples { firstTable.samples }

  /// Fits a linear head to every variant, each a sample of its own that counts for one part of its image.
  ///
  /// A strength that is to be cross-validated is on the first variants, so that no image is evaluated by a copy of itself.
  func fit(_ head: Head, _ fit: LinearFit, seed: UInt64) throws -> FittedHead {
    guard let count = variantCount, count > 1 else {
      return try fitted(head, fit, table.features, labels, seed)
    }
    var fit = fit
    var strength: Double
    if case .fixed(let given) = fit.strength {
      strength = given
    } else {
      strength = try fitted(head, fit, firstVariants.features, labels, seed).strength
    }
    fit.strength = .fixed(strength / Double(count))
    return try fitted(head, fit, table.features, table.rows.labels, seed)
  }

  private func fitted(
    _ head: Head, _ fit: LinearFit, _ features: any SampleRows, _ classes: [Int], _ seed: UInt64
  ) throws -> FittedHead {
    let cancellation = context.cancellation
    return try fit.fit(
      head, features, classes: classes, seed: seed, pool: .shared, isCancelled: { cancellation.isCancelled })
  }

  /// Of each image the variant that `variant` says.
  private func chosen(_ variant: (Int) -> Int) -> any SampleRows {
    ChosenRows(table.features, at: labels.indices.map { $0 * (variantCount ?? 1) + variant($0) })
  }

  private func newFeatures(_ epoch: Int) throws -> any SampleRows {
    if epoch == 0 { return table.features }
    let variants = ImageVariants(augmentation, seed: seed, numbers: epoch..<epoch + 1)
    let features = try backbone.table(
      of: images, as: .training, variants, options: extraction, beside: cache, context
    ).features
    guard features.shape[0] == labels.count else {
      throw ModelZooError.imagesChanged(expected: labels.count, found: features.shape[0])
    }
    return features
  }
}

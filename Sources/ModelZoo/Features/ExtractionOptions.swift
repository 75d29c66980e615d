public import Images

/// How features are computed; none of it changes them.
public struct ExtractionOptions: Sendable {
  /// Images decoded and run at a time; anything below 1 counts as 1.
  public var batchSize: Int
  /// What to do about a file that is no readable image.
  public var onBadImage: BadImagePolicy
  /// Told after each batch how many more images are done.
  public var progress: @Sendable (_ images: Int) -> Void
  /// Where features are kept and found again; nil to compute them all.
  public var cache: FeatureCache?
  /// Told at the end what the cache was good for.
  public var cacheUsed: @Sendable (_ use: CacheUse) -> Void

  /// Keras's batch size; unreadable images are left out and listed.
  public init(
    batchSize: Int = 32, onBadImage: BadImagePolicy = .skip,
    progress: @escaping @Sendable (_ images: Int) -> Void = { _ in }, cache: FeatureCache? = nil,
    cacheUsed: @escaping @Sendable (_ use: CacheUse) -> Void = { _ in }
  ) {
    self.cache = cache
    self.cacheUsed = cacheUsed
    self.batchSize = batchSize
    self.onBadImage = onBadImage
    self.progress = progress
  }
}

/// What happens while features are computed.
public enum ExtractionEvent: Hashable, Sendable {
  /// So many of all images are done; those that could not be read count, too.
  case images(done: Int, total: Int)
  /// An image was left out.
  case skipped(SkippedImage)
  /// What the cache was good for, when all is done.
  case cached(CacheUse)

  /// Whether nobody need read `earlier` who reads `event`.
  static func supersedes(_ event: ExtractionEvent, _ earlier: ExtractionEvent) -> Bool {
    if case (.images, .images) = (event, earlier) { true } else { false }
  }
}

/// What was computed, apart from the features themselves.
public struct ExtractionSummary: Hashable, Sendable {
  /// What the rows are.
  public let rows: FeatureRows
  /// Images that have no row.
  public let skipped: [SkippedImage]
}

/// An image that was left out, and why.
public struct SkippedImage: Hashable, Sendable {
  /// The file.
  public let path: String
  /// Why it is no image.
  public let error: ImageError
}

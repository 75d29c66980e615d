public import Images

/// How features are computed; none of it changes them.
public struct ExtractionOptions: Sendable {
  /// Pictures decoded and run at a time; anything below 1 counts as 1.
  public var batchSize: Int
  /// What to do about a file that is no readable picture.
  public var onBadImage: BadImagePolicy
  /// Told after each batch how many more pictures are done.
  public var progress: @Sendable (_ pictures: Int) -> Void
  /// Where features are kept and found again; nil to compute them all.
  public var cache: FeatureCache?
  /// Told at the end what the cache was good for.
  public var cacheUsed: @Sendable (_ use: CacheUse) -> Void

  /// Keras's batch size; unreadable pictures are left out and listed.
  public init(
    batchSize: Int = 32, onBadImage: BadImagePolicy = .skip,
    progress: @escaping @Sendable (_ pictures: Int) -> Void = { _ in }, cache: FeatureCache? = nil,
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
  /// So many of all pictures are done; those that could not be read count, too.
  case pictures(done: Int, total: Int)
  /// A picture was left out.
  case skipped(SkippedPicture)
  /// What the cache was good for, when all is done.
  case cached(CacheUse)

  /// Whether nobody need read `earlier` who reads `event`.
  static func supersedes(_ event: ExtractionEvent, _ earlier: ExtractionEvent) -> Bool {
    if case (.pictures, .pictures) = (event, earlier) { true } else { false }
  }
}

/// What was computed, apart from the features themselves.
public struct ExtractionSummary: Hashable, Sendable {
  /// What the rows are.
  public let rows: FeatureRows
  /// Pictures that have no row.
  public let skipped: [SkippedPicture]
}

/// A picture that was left out, and why.
public struct SkippedPicture: Hashable, Sendable {
  /// The file.
  public let path: String
  /// Why it is no picture.
  public let error: ImageError
}

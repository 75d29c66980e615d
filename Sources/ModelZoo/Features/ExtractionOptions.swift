public import Images

/// How features are computed; no option changes their values.
public struct ExtractionOptions: Sendable {
  /// Images decoded and run at a time; anything below 1 counts as 1.
  public var batchSize: Int
  /// What to do with an image that cannot be read.
  public var onBadImage: BadImagePolicy
  /// How long reading and decoding one image may take; what takes longer is an image that cannot be read. Nil for as long as it
  /// takes. A thread that waits for a file system which does not answer is left behind; where too many are, that is an error.
  public var imageTimeout: Duration?
  /// The cache to read features from and to write them to; nil for none.
  public var cache: FeatureCache?
  /// Told what happens, on a thread of the library's, however the features are asked for; jobs tell it as events, too.
  public var observer: @Sendable (ExtractionEvent) -> Void

  /// Keras's batch size; unreadable images are left out and listed.
  public init(
    batchSize: Int = 32, onBadImage: BadImagePolicy = .skip, imageTimeout: Duration? = nil,
    cache: FeatureCache? = nil,
    observer: @escaping @Sendable (ExtractionEvent) -> Void = { _ in }
  ) {
    self.batchSize = batchSize
    self.onBadImage = onBadImage
    self.imageTimeout = imageTimeout
    self.cache = cache
    self.observer = observer
  }
}

/// What happens while features are computed.
public enum ExtractionEvent: Hashable, Sendable {
  /// So many of all images are done; those that could not be read count, too.
  case images(done: Int, total: Int)
  /// An image was left out.
  case skipped(SkippedImage)
  /// How the cache was used, when all is done.
  case cached(CacheUse)
  /// What one should know of images that were read, when all is done: an event for each kind of caveat.
  case caveat(CaveatCount)

  /// Whether nobody need read `earlier` who reads `event`.
  static func supersedes(_ event: ExtractionEvent, _ earlier: ExtractionEvent) -> Bool {
    if case (.images, .images) = (event, earlier) { true } else { false }
  }
}

/// What was computed, apart from the features themselves.
public struct ExtractionSummary: Hashable, Sendable {
  /// The images that the rows belong to.
  public let rows: FeatureRows
  /// Images that have no row.
  public let skipped: [SkippedImage]
}

/// How many images were read with a caveat.
public struct CaveatCount: Hashable, Sendable {
  /// What one should know.
  public let caveat: ImageCaveat
  /// How many images it is true of.
  public let count: Int
  /// The file of the first.
  public let first: String

  /// Both counts together.
  public func adding(_ other: CaveatCount) -> CaveatCount {
    CaveatCount(caveat: caveat, count: count + other.count, first: first)
  }
}

extension CaveatCount: CustomStringConvertible {
  /// The sentence.
  public var description: String {
    let (images, has) = count == 1 ? ("1 image", "has") : ("\(count) images", "have")
    return switch caveat {
    case .cutAt255:
      "\(images) \(has) gray of more than 8 bits, whose values were cut off at 255, as Keras does, so that most may be white; "
        + "the first is \(first)"
    case .firstOfSeveral:
      "\(images) \(has) several pages or frames, of which the first was read; the first is \(first)"
    }
  }
}

/// An image that was left out, and why.
public struct SkippedImage: Hashable, Sendable {
  /// The file.
  public let path: String
  /// Why it is no image.
  public let error: ImageError
}

public import Datasets
import Images
public import Training

/// What looks wrong in a data set: copies, labels that are disputed, and images that are unlike any class.
///
/// Everything is a suspicion, ranked so that the gravest come first; nothing is changed or deleted.
///
/// ```swift
/// let audit = try backbone.startAudit(of: DatasetSplit(DatasetSources(training: "photographs"))).wait()
/// for dispute in audit.disputes { print(audit.images[dispute.image].name, dispute.suggestion) }
/// ```
public struct DatasetAudit: Sendable {
  /// An image that was looked at.
  public struct Image: Hashable, Sendable {
    /// The file.
    public let path: String
    /// Its name in the data set.
    public let name: String
    /// The part of the data set that it is in.
    public let part: DatasetPart
    /// Its class.
    public let label: String
    /// How probable its class is to a linear discriminant that was fitted without it; nil for a class that cannot be judged.
    public let labelProbability: Float?
    /// How much further from its neighbours it is than is usual, in standard deviations; see ``DatasetAudit/strangers``.
    public let strangeness: Double
  }

  /// Images that are the same, or nearly.
  public struct Copies: Hashable, Sendable {
    /// Two images or more, as indices of ``DatasetAudit/images``.
    public let images: [Int]
    /// Whether their files are the same, byte for byte.
    public let isExact: Bool
    /// The least cosine similarity of the whitened features of one of them to those of the first; of near copies never below
    /// ``AuditOptions/similarity``.
    public let similarity: Float
    /// Whether they are of several classes.
    public let crossesClasses: Bool
    /// Whether one image has several labels: at most one of them is right.
    public var conflicts: Bool { isExact && crossesClasses }
    /// Whether they are in several parts of the data set: what is measured on one part was learnt from another.
    public let crossesParts: Bool
  }

  /// An image whose class is disputed.
  public struct Dispute: Hashable, Sendable {
    /// The image, an index of ``DatasetAudit/images``.
    public let image: Int
    /// The class that is suggested instead.
    public let suggestion: String
    /// How probable that is to a linear discriminant that was fitted without the image.
    public let probability: Float
  }

  /// An image that is unlike any class.
  public struct Stranger: Hashable, Sendable {
    /// The image, an index of ``DatasetAudit/images``.
    public let image: Int
    /// The class it is least unlike.
    public let nearestClass: String
    /// The image it is most like, an index of ``DatasetAudit/images``.
    public let nearestImage: Int?
  }

  /// Every image that could be read, part by part.
  public let images: [Image]
  /// The classes that have images.
  public let classes: [String]
  /// Groups of copies: those across parts of the data set first, then those across classes, then the others; in each, the most
  /// similar first.
  public let copies: [Copies]
  /// Images whose class is disputed by confident learning, the most confidently disputed first; none where the head is right
  /// no more often than the most frequent class is.
  public let disputes: [Dispute]
  /// Images that are further from their nearest neighbours than ``AuditOptions/strangeness`` allows, the strangest first; none that
  /// is in several classes (``Copies/conflicts``).
  ///
  /// The distance is the mean cosine distance of the nearest images that are no copies, in features that are whitened by their
  /// covariance within classes. It is compared with the distances of the images of the neighbours' classes, each without itself: less
  /// their median, in units of their median absolute deviation, scaled to the standard deviation of normal numbers.
  public let strangers: [Stranger]
  /// For each class the probability beyond which an image is confidently of it; nil for one that cannot be judged, as its
  /// images are all in one fold.
  public let thresholds: [Float?]
  /// The cross-validation that the disputes come from, of the images whose class can be judged; nil where fewer than two
  /// classes can.
  public let validation: DiscriminantValidation?
  /// The name of the network that the features come from.
  public let backbone: String
  /// The options of the audit.
  public let options: AuditOptions
  /// Images that could not be read.
  public let skipped: [SkippedImage]

  /// How images are read for a page; nil where there are features alone.
  let recipe: ImageRecipe?
}

/// What counts as suspicious.
public struct AuditOptions: Sendable {
  /// The cosine similarity of whitened features at which two images are copies; above -1, 1 or less.
  ///
  /// Copies that were compressed anew are at 0.9 and above, those that were scaled, mirrored or slightly cropped at about 0.8;
  /// different images of one class are hardly ever above 0.5.
  public var similarity: Float
  /// How many standard deviations further than usual from its neighbours an image must be to be a stranger, more than 0.
  public var strangeness: Double
  /// How many neighbours are looked at, 1 to 100.
  public var neighbours: Int
  /// The number of folds of the cross-validation, 2 or more.
  public var folds: Int
  /// Deals the images to the folds.
  public var seed: UInt64

  /// Copies from a similarity of 0.75, strangers from 1.8 standard deviations over 5 neighbours, labels by 5 folds.
  public init(
    similarity: Float = 0.75, strangeness: Double = 1.8, neighbours: Int = 5, folds: Int = 5,
    seed: UInt64 = 0
  ) {
    (self.similarity, self.strangeness, self.neighbours) = (similarity, strangeness, neighbours)
    (self.folds, self.seed) = (folds, seed)
  }

  /// Refuses numbers out of range.
  func check() throws(TrainingError) {
    guard similarity > -1, similarity <= 1 else {
      throw .setting(name: "similarity", expected: "above -1, 1 at most", found: "\(similarity)")
    }
    guard strangeness > 0, strangeness.isFinite else {
      throw .setting(name: "strangeness", expected: "more than 0", found: "\(strangeness)")
    }
    guard (1...100).contains(neighbours) else {
      throw .setting(name: "neighbours", expected: "1 to 100", found: "\(neighbours)")
    }
  }
}

/// What happens during an audit.
public enum AuditEvent: Hashable, Sendable {
  /// What images are compared for.
  public enum Comparison: String, Hashable, Sendable {
    /// Copies.
    case copies
    /// Nearest neighbours.
    case neighbours
  }

  /// What happened while the features of a part of the images were computed.
  case features(DatasetPart, ExtractionEvent)
  /// So many of all pairs of images are compared.
  case compared(Comparison, done: Int, total: Int)
  /// So many of all steps of the cross-validation that judges labels are done.
  case judged(done: Int, total: Int)
  /// A setting that works but is probably not what was meant.
  case warning(String)

  /// Whether nobody need read `earlier` who reads `event`.
  static func supersedes(_ event: AuditEvent, _ earlier: AuditEvent) -> Bool {
    switch (event, earlier) {
    case (.compared(let comparison, _, _), .compared(let earlierComparison, _, _)):
      comparison == earlierComparison
    case (.judged, .judged): true
    case (.features(let part, let event), .features(let earlierPart, let earlier)):
      part == earlierPart && ExtractionEvent.supersedes(event, earlier)
    default: false
    }
  }
}

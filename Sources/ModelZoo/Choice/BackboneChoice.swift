import Files
public import Training

/// Which of several backbones suits images best: the accuracy of a linear head on the features of each, by cross-validation on
/// the same folds for all, beside what each costs.
///
/// ```swift
/// let choice = try BackboneChoice.start(among: archives, on: dataset).wait()
/// print(choice.best.archive, choice.cheapest.archive)
/// ```
public struct BackboneChoice: Sendable {
  /// One backbone, and what came of it.
  public struct Candidate: Sendable {
    /// Its archive.
    public let archive: String
    /// The entry's name in the catalog.
    public let identifier: String
    /// What a linear head on its features says of images that it was not fitted on.
    public let validation: CrossValidation
    /// Milliseconds for one image on this machine, from pixels to features: the median.
    public let millisecondsPerImage: Double
    /// The size of the archive.
    public let byteCount: Int
    /// Numbers for each image.
    public let featureCount: Int

    /// The mean accuracy over the folds.
    public var accuracy: Double { validation.accuracy }
    /// The standard error of ``accuracy``.
    public var standardError: Double { validation.standardError }
    /// The mean F1 over the classes, each alike; all folds together.
    public var macroF1: Double { ClassReport(validation.confusion).macroAverage.f1 }
    /// The strength of the head's regularisation, scikit-learn's `C`.
    public var strength: Double { validation.strength }
  }

  /// The backbones, the most accurate first; of equals, the fastest.
  public let candidates: [Candidate]
  /// The classes that have images.
  public let classes: [String]
  /// How many images were classified.
  public let imageCount: Int
  /// How many images are copies of others, byte for byte; copies are in one fold.
  public let copyCount: Int
  /// The number of folds.
  public let foldCount: Int
  /// What dealt the images to the folds.
  public let seed: UInt64
  /// Images that could not be read.
  public let skipped: [SkippedImage]

  init(
    _ candidates: [Candidate], classes: [String], imageCount: Int, copyCount: Int, options: ChoiceOptions,
    skipped: [SkippedImage]
  ) {
    self.candidates = candidates.sorted {
      (-$0.accuracy, $0.millisecondsPerImage) < (-$1.accuracy, $1.millisecondsPerImage)
    }
    (self.classes, self.imageCount, self.copyCount) = (classes, imageCount, copyCount)
    (foldCount, seed, self.skipped) = (options.folds, options.seed, skipped)
  }

  /// The most accurate backbone.
  public var best: Candidate { candidates[0] }

  /// The backbones that are no different from the best at one standard error of its accuracy, itself included (the rule of
  /// one standard error: Breiman, Friedman, Olshen and Stone, 1984).
  public var tied: [Candidate] {
    let least = best.accuracy - best.standardError
    // Sums of fractions are not exact.
    return candidates.filter { $0.accuracy >= least - 1e-12 }
  }

  /// The fastest of the backbones that are no different from the best.
  public var cheapest: Candidate {
    tied.min { ($0.millisecondsPerImage, $0.byteCount) < ($1.millisecondsPerImage, $1.byteCount) } ?? best
  }
}

/// How backbones are compared.
public struct ChoiceOptions: Sendable {
  /// The number of folds, 2 or more.
  public var folds: Int
  /// How the linear head is fitted on each backbone's features; of a cross-validation only the candidates count.
  public var fit: LinearFit
  /// Deals the images to the folds.
  public var seed: UInt64
  /// Input size, pooling and preprocessing, for all backbones alike.
  public var backbone: BackboneOptions
  /// How many threads work, 1 to 1024; nil for one per core. Only times depend on it.
  public var threads: Int?
  /// How long each backbone is timed, in seconds, about, at most a minute; it runs five times at least.
  public var secondsOfTiming = 1.0

  /// Five folds, and the strength of each head by cross-validation.
  public init(
    folds: Int = 5, fit: LinearFit = LinearFit(), seed: UInt64 = 0,
    backbone: BackboneOptions = BackboneOptions(), threads: Int? = nil
  ) {
    (self.folds, self.fit, self.seed) = (folds, fit, seed)
    (self.backbone, self.threads) = (backbone, threads)
  }
}

/// What happens while backbones are compared.
public enum ChoiceEvent: Sendable {
  /// What happened while the features of the archive of this number, from 0, were computed.
  case features(Int, ExtractionEvent)
  /// So many of all fits of a linear head on the features of the archive of this number, from 0, are done.
  case fitted(Int, done: Int, total: Int)
  /// A setting that works but is probably not what was meant.
  case warning(String)
  /// A backbone is done.
  case measured(BackboneChoice.Candidate)

  /// Whether nobody need read `earlier` who reads `event`.
  static func supersedes(_ event: ChoiceEvent, _ earlier: ChoiceEvent) -> Bool {
    switch (event, earlier) {
    case (.features(let archive, let event), .features(let earlierArchive, let earlier)):
      archive == earlierArchive && ExtractionEvent.supersedes(event, earlier)
    case (.fitted(let archive, _, _), .fitted(let earlierArchive, _, _)): archive == earlierArchive
    default: false
    }
  }
}

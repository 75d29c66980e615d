public import Datasets
import Kernels
import Tensors
import Training

extension Backbone {
  /// Starts to look for copies, disputed labels and strangers among images with their classes.
  ///
  /// - Parameters:
  ///   - split: the images; all parts are looked at together.
  ///   - options: what counts as suspicious.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Returns: a job that throws `DatasetError` for images without classes, ``ModelZooError/notPooled(features:)`` for a backbone
  ///   without pooling, `TrainingError` for options out of range and features that are not finite, and what computing features
  ///   throws. The labels of a class without two different images are not judged; a warning says so.
  /// - Complexity: beside the features, O(N² C) in time for N images of C features, and O(N C + C²) in
  ///   memory: similarities are computed in blocks and not kept.
  public func startAudit(
    of split: DatasetSplit, options: AuditOptions = AuditOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) -> Job<AuditEvent, DatasetAudit> {
    Job(superseding: AuditEvent.supersedes) { context in
      try AuditRun(self, split, options, extraction, context).audit()
    }
  }
}

extension FeatureSplit {
  /// Starts to look for copies, disputed labels and strangers among images of which there are features alone.
  ///
  /// It finds what an audit of the images finds, but for copies byte for byte, which are near copies here. All features are in memory
  /// meanwhile.
  ///
  /// - Parameters:
  ///   - options: what counts as suspicious.
  ///   - threads: how many threads work; nil for one per core. No result depends on it.
  /// - Returns: a job that throws ``ModelZooError/notPooled(features:)``, `TrainingError` for options out of range and features that are
  ///   not finite, `FileError`, and ``ModelZooError/notEnoughMemory(work:neededBytes:availableBytes:advice:)``.
  /// - Complexity: as that of images, in ``Backbone``.
  public func startAudit(
    options: AuditOptions = AuditOptions(), threads: Int? = nil
  ) -> Job<AuditEvent, DatasetAudit> {
    Job(superseding: AuditEvent.supersedes) { context in
      try AuditRun(self, threads: threads, options, context).audit()
    }
  }
}

/// One audit of images whose features are there.
struct AuditRun {
  private let pool: ThreadPool
  /// The name of the network that the features come from.
  private let network: String
  private let recipe: ImageRecipe?
  let options: AuditOptions
  let names: [String]
  let context: JobContext<AuditEvent>
  private(set) var items: [(item: Dataset.Item, part: DatasetPart)] = []
  private(set) var features = Tensor(repeating: 0, shape: [0, 1])
  private(set) var skipped: [SkippedImage] = []

  init(
    _ backbone: Backbone, _ split: DatasetSplit, _ options: AuditOptions, _ extraction: ExtractionOptions,
    _ context: JobContext<AuditEvent>
  ) throws {
    (pool, network, recipe) = (backbone.pool, backbone.identifier, backbone.recipe)
    (self.options, self.context) = (options, context)
    names = split.training.classes
    try options.check()
    guard backbone.featureShape.rank == 1 else {
      throw ModelZooError.notPooled(features: backbone.featureShape)
    }
    for (_, images) in split.parts {
      guard !images.items.isEmpty || images.classes.isEmpty else {
        throw DatasetError.noImages(place: images.place)
      }
      guard !images.classes.isEmpty, images.items.allSatisfy({ $0.label != nil }) else {
        throw DatasetError.tooFewClasses(place: images.place, found: images.classes)
      }
    }
    for warning in backbone.warnings { context.report(.warning(warning)) }
    try computeFeatures(of: split, by: backbone, extraction)
  }

  /// An audit of features that are there.
  init(
    _ split: FeatureSplit, threads: Int?, _ options: AuditOptions, _ context: JobContext<AuditEvent>
  ) throws {
    pool = threads.map { ThreadPool(threads: $0) } ?? .shared
    (network, recipe) = (split.training.network ?? "features", nil)
    (self.options, self.context) = (options, context)
    names = split.training.rows.classNames
    try options.check()
    guard split.training.rowShape.rank == 1 else {
      throw ModelZooError.notPooled(features: split.training.rowShape)
    }
    for (part, set) in split.parts {
      guard set.count > 0 else { throw DatasetError.noImages(place: set.path) }
      items += set.imagesOfRows.map { ($0, part) }
    }
    features = try Self.features(split, width: split.training.rowShape.elementCount, context.cancellation)
  }

  /// The rows of all parts, one part after the other.
  private static func features(
    _ split: FeatureSplit, width: Int, _ cancellation: Cancellation
  ) throws -> Tensor {
    let count = split.parts.reduce(0) { $0 + $1.features.count }
    try FeatureSet.checkMemory(rows: count, width, copies: 4, of: split.training.path)
    var scalars: [Float] = []
    scalars.reserveCapacity(count * width)
    for (_, set) in split.parts {
      let start = scalars.count
      try set.append(to: &scalars, cancellation)
      try set.refuse(nonFinite: scalars.span.extracting(start...).nonFiniteCount(rows: set.count))
    }
    return Tensor(shape: [count, width], scalars: scalars)
  }

  private mutating func computeFeatures(
    of split: DatasetSplit, by backbone: Backbone, _ extraction: ExtractionOptions
  ) throws {
    let (width, context) = (backbone.featureShape.elementCount, context)
    let count = split.parts.reduce(0) { $0 + $1.images.items.count }
    // The features themselves, two forms of them at unit length, and what those are made of.
    try backbone.checkMemory(rows: count, 4)
    var scalars: [Float] = []
    scalars.reserveCapacity(count * width)
    for (part, images) in split.parts {
      let table = try backbone.table(of: images, extraction, context.cancellation) { event in
        context.report(.features(part, event))
      }
      scalars += table.features.scalars
      items += table.indices.map { (images.items[$0], part) }
      skipped += table.skipped
      if let warning = backbone.warning(nonFinite: table.rows.nonFiniteCount, of: table.rows.files.count) {
        context.report(.warning(warning))
      }
      guard table.rows.nonFiniteCount == 0 else {
        throw TrainingError.setting(
          name: "features", expected: "finite numbers",
          found: "\(table.rows.nonFiniteCount) images with others")
      }
    }
    features = Tensor(shape: [items.count, width], scalars: scalars)
  }

  private var isCancelled: () -> Bool { { context.cancellation.isCancelled } }

  private func report(_ comparison: AuditEvent.Comparison) -> (_ done: Int, _ total: Int) -> Void {
    { done, total in context.report(.compared(comparison, done: done, total: total)) }
  }

  func audit() throws -> DatasetAudit {
    let exact = Dataset.copyGroups(of: items.map(\.item), isCancelled: isCancelled)
    let rows = UnitRows(whitening: features, pool: pool, isCancelled: isCancelled)
    let groups = SimilarityScan(rows, pool: pool).groups(
      threshold: options.similarity, known: exact, progress: report(.copies), isCancelled: isCancelled)
    try context.cancellation.check()
    // Copies and strangers are looked for however few images there are.
    let count = min(options.folds, max(2, items.count))
    if count < options.folds, count > 2 {
      context.report(
        .warning(
          "labels are judged in \(count) folds in place of \(options.folds), as there are \(items.count) images"
        ))
    }
    let folds = try Folds(
      items.map { $0.item.label ?? 0 }, of: names, groups: groups, count: count, seed: options.seed)
    let judgement = try LabelJudgement(
      of: features, folds, groups: groups, pool: pool,
      progress: { done, total in context.report(.judged(done: done, total: total)) }, isCancelled: isCancelled
    )
    try context.cancellation.check()
    for warning in judgement.warnings { context.report(.warning(warning)) }
    let strangeness = Strangeness(
      UnitRows(
        whitening: features, withinClasses: folds.labels, pool: pool, isCancelled: isCancelled),
      labels: folds.labels, groups: groups, neighbours: options.neighbours, pool: pool,
      progress: report(.neighbours), isCancelled: isCancelled)
    try context.cancellation.check()
    let copies = copies(groups, exact: Folds.numbers(exact, count: items.count), rows, folds)
    return DatasetAudit(
      images: images(folds, judgement, strangeness), classes: folds.classes,
      copies: copies, disputes: judgement.disputes, strangers: strangers(strangeness, folds, besides: copies),
      thresholds: judgement.thresholds, validation: judgement.validation, backbone: network,
      options: options, skipped: skipped, recipe: recipe)
  }

  private func images(
    _ folds: Folds, _ judgement: LabelJudgement, _ strangeness: Strangeness
  ) -> [DatasetAudit.Image] {
    items.enumerated().map { index, entry in
      DatasetAudit.Image(
        path: entry.item.path, name: entry.item.name, part: entry.part,
        label: folds.classes[folds.labels[index]], labelProbability: judgement.probabilities[index],
        strangeness: strangeness.scores[index])
    }
  }

  private func copies(
    _ groups: [Int], exact: [Int], _ rows: UnitRows, _ folds: Folds
  ) -> [DatasetAudit.Copies] {
    let members = Dictionary(grouping: groups.indices) { groups[$0] }.values.filter { $0.count > 1 }
    // Of images that are the same a group of their own, of those that are nearly the same one of each.
    let found = members.flatMap { images in
      let same = Dictionary(grouping: images) { exact[$0] }.values
      let first = same.compactMap(\.first).sorted()
      return same.filter { $0.count > 1 }.map { copies($0, isExact: true, rows, folds) }
        + (first.count > 1 ? [copies(first, isExact: false, rows, folds)] : [])
    }
    let gravity = { (copies: DatasetAudit.Copies) in
      (copies.crossesParts ? 0 : 1, copies.crossesClasses ? 0 : 1, -copies.similarity, copies.images[0])
    }
    return found.sorted { gravity($0) < gravity($1) }
  }

  private func copies(
    _ images: [Int], isExact: Bool, _ rows: UnitRows, _ folds: Folds
  ) -> DatasetAudit.Copies {
    let similarities = images.dropFirst().map { rows.similarity(images[0], $0) }
    return DatasetAudit.Copies(
      images: images, isExact: isExact, similarity: isExact ? 1 : min(1, similarities.min() ?? 1),
      crossesClasses: Set(images.map { folds.labels[$0] }).count > 1,
      crossesParts: Set(images.map { items[$0].part }).count > 1)
  }

  /// Images that are as strange as the options say; of one that is in another class, too, that is to be said.
  private func strangers(
    _ strangeness: Strangeness, _ folds: Folds, besides copies: [DatasetAudit.Copies]
  ) -> [DatasetAudit.Stranger] {
    let conflicting = Set(copies.filter(\.conflicts).flatMap(\.images))
    return strangeness.scores.indices
      .filter { strangeness.scores[$0] >= options.strangeness && !conflicting.contains($0) }
      .sorted { (-strangeness.scores[$0], $0) < (-strangeness.scores[$1], $1) }
      .map { index in
        DatasetAudit.Stranger(
          image: index, nearestClass: folds.classes[strangeness.nearestClasses[index]],
          nearestImage: strangeness.nearestRows[index])
      }
  }
}

import Catalog
public import Datasets
import Encoding
import Execution
import Files
import Images
import Tensors
import Training

extension BackboneChoice {
  /// Starts to compare backbones.
  ///
  /// For each archive the features of all images are computed, or read from the cache, a linear head is cross-validated on them,
  /// and the network is timed. Memory is that of one network and the features of all images under it. An archive whose features
  /// are not finite is left out, with a warning, as long as there are others.
  ///
  /// - Parameters:
  ///   - archives: written by a conversion; backbones of trained models do as well.
  ///   - dataset: images with their classes.
  ///   - options: folds, strength, seed, input size.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Returns: a job that throws what loading an archive and computing features throw, `DatasetError` for images without
  ///   classes, ``ModelZooError/tooFewImages(label:expected:found:)`` for a class without two different images, after a
  ///   warning where some of its images cannot be read, and `TrainingError` for numbers out of range and where no archive has
  ///   features that are finite.
  public static func start(
    among archives: [String], on dataset: Dataset, options: ChoiceOptions = ChoiceOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) -> Job<ChoiceEvent, BackboneChoice> {
    Job(superseding: ChoiceEvent.supersedes) { context in
      try Comparison(archives, dataset, options, extraction, context).choice()
    }
  }
}

/// One comparison.
private struct Comparison {
  let archives: [String]
  let dataset: Dataset
  let options: ChoiceOptions
  let extraction: ExtractionOptions
  let context: JobContext<ChoiceEvent>
  /// For every image the first that it is a copy of, itself where it is none.
  let groups: [Int]

  init(
    _ archives: [String], _ dataset: Dataset, _ options: ChoiceOptions, _ extraction: ExtractionOptions,
    _ context: JobContext<ChoiceEvent>
  ) throws {
    guard !archives.isEmpty else { throw ModelZooError.noArchives }
    guard !dataset.items.isEmpty else { throw DatasetError.noImages(place: dataset.place) }
    guard dataset.items.allSatisfy({ $0.label != nil }) else {
      throw DatasetError.tooFewClasses(place: dataset.place, found: dataset.classes)
    }
    (self.archives, self.dataset, self.options, self.extraction) = (archives, dataset, options, extraction)
    self.context = context
    let copies = Dataset.copyGroups(of: dataset.items) { context.cancellation.isCancelled }
    groups = Folds.numbers(copies, count: dataset.items.count)
    // Before any work: what cannot be loaded, and what cannot be dealt to folds.
    let recipes = try archives.map { archive in
      try Backbone(contentsOf: archive, options: options.backbone, images: 1).recipe
    }
    _ = try folds(Array(dataset.items.indices), recipes[0])
  }

  private func folds(_ images: [Int], _ recipe: ImageRecipe) throws -> Folds {
    let folds = try Folds(
      images.map { dataset.items[$0].label ?? 0 }, of: dataset.classes, groups: images.map { groups[$0] },
      count: min(options.folds, max(2, images.count)), seed: options.seed)
    guard folds.classes.count >= 2 else {
      throw DatasetError.tooFewClasses(place: dataset.place, found: folds.classes)
    }
    if let label = folds.undivided.first { throw try tooFewImages(of: folds.classes[label], recipe) }
    // A class of too few images is the cause where there are too few for so many folds.
    try Folds.check(options.folds, images: images.count)
    return folds
  }

  /// Says how many images of a class cannot be read; of copies, one is tried.
  private func tooFewImages(of name: String, _ recipe: ImageRecipe) throws -> ModelZooError {
    let images = dataset.items.indices.filter { dataset.classes[dataset.items[$0].label ?? 0] == name }
    let copies = Dictionary(grouping: images) { groups[$0] }.values
    let lost = try copies.filter { copies in
      try context.cancellation.check()
      return (try? recipe.bitmap(of: dataset.items[copies[0]].location)) == nil
    }
    if !lost.isEmpty {
      let count = lost.reduce(0) { $0 + $1.count }
      context.report(
        .warning("class \(name): \(count.grouped) of its \(counted(images.count, "image")) cannot be read"))
    }
    return .tooFewImages(label: name, expected: 2, found: min(1, copies.count - lost.count))
  }

  func choice() throws -> BackboneChoice {
    var candidates: [BackboneChoice.Candidate] = []
    var refusals: [TrainingError] = []
    var first: (images: [Int], folds: Folds, skipped: [SkippedImage])?
    for (number, archive) in archives.enumerated() {
      let backbone = try Backbone(
        contentsOf: archive, options: options.backbone, threads: options.threads,
        images: dataset.items.count)
      for warning in backbone.warnings { context.report(.warning(warning)) }
      let table = try backbone.table(of: dataset, extraction, context.cancellation) { event in
        context.report(.features(number, event))
      }
      if let warning = backbone.warning(nonFinite: table.rows.nonFiniteCount, of: table.rows.files.count) {
        context.report(.warning(warning))
      }
      let known = try first ?? (table.indices, folds(table.indices, backbone.recipe), table.skipped)
      guard known.images == table.indices else {
        throw ModelZooError.otherImages(
          archive: archive, expected: known.images.count, found: table.indices.count)
      }
      first = known
      do {
        let candidate = try candidate(number, backbone, table, known.folds)
        context.report(.measured(candidate))
        candidates.append(candidate)
      } catch TrainingError.setting(name: "features", expected: let expected, found: let found) {
        refusals.append(Self.refusal(archive, expected, found))
      }
    }
    if candidates.isEmpty, let refusal = refusals.first { throw refusal }
    for refusal in refusals { context.report(.warning("left out of the comparison: \(refusal)")) }
    let images = first?.images ?? []
    return BackboneChoice(
      candidates, classes: first?.folds.classes ?? [], imageCount: images.count,
      copyCount: images.count - Set(images.map { groups[$0] }).count, options: options,
      skipped: first?.skipped ?? [])
  }

  private static func refusal(_ archive: String, _ expected: String, _ found: String) -> TrainingError {
    .setting(
      name: "\(archive): features", expected: expected,
      found: "\(found); verify the archive, or leave it out")
  }

  private func candidate(
    _ number: Int, _ backbone: Backbone, _ table: FeatureTable, _ folds: Folds
  ) throws -> BackboneChoice.Candidate {
    let archive = archives[number]
    let lost = table.rows.nonFiniteCount
    guard lost == 0 else {
      throw TrainingError.setting(
        name: "features", expected: "finite numbers", found: "\(counted(lost, "image")) with others")
    }
    let validation = try options.fit.crossValidation(
      table.features, classes: folds.labels, folds: folds.folds, pool: backbone.pool,
      progress: { done, total in context.report(.fitted(number, done: done, total: total)) },
      isCancelled: { context.cancellation.isCancelled })
    try context.cancellation.check()
    return BackboneChoice.Candidate(
      archive: archive, identifier: backbone.identifier, validation: validation,
      millisecondsPerImage: try milliseconds(of: backbone), byteCount: try FileBytes(path: archive).byteCount,
      featureCount: backbone.featureShape.elementCount)
  }

  /// How long one image takes, by itself: the median of several runs.
  private func milliseconds(of backbone: Backbone) throws -> Double {
    let shape = backbone.inputShape
    let image = SyntheticWeights(seed: 1).images(
      count: 1, height: shape[0], width: shape[1], channels: shape[2])
    let seconds = min(max(0, options.secondsOfTiming), 60)
    let time = try Execution.Samples(seconds: seconds) {
      try context.cancellation.check()
      _ = try backbone.sessions.runAll(image)
    }
    return time.median * 1_000
  }
}

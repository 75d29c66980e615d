public import Foundation
import WeightConversion

extension NetworkCatalog {
  /// Compares two files of weights, of whatever formats, tensor by tensor.
  ///
  /// Tensors are brought into one order of axes first, as far as the files belong to a network. They are matched as parameters of that
  /// network, else by name, else by their values. A file that fits no network is held against the other's where most of it fits.
  ///
  /// - Parameters:
  ///   - first: an archive, any safetensors file, or a weight file of Keras, PyTorch or NumPy.
  ///   - second: the other one.
  ///   - options: what counts as equal, and whether features are compared.
  ///   - progress: told of how many of both files' values were read. What it throws ends the work.
  /// - Throws: `FileError` and the errors of the files' formats where one cannot be read or is damaged. Files that differ are a result,
  ///   and so is a network that cannot be run.
  /// - Complexity: O(bytes) time. Memory for two tensors; features take what running the networks takes, one after the other, and of a
  ///   weight file the room for its archive in the system's folder for temporary files.
  public func compare(
    _ first: String, with second: String, options: ComparisonOptions = ComparisonOptions(),
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> WeightComparison {
    try withoutActuallyEscaping(progress) { progress in
      try compare(first, with: second, options, Cancellation(), progress)
    }
  }

  /// The same on a thread of its own.
  ///
  /// - Parameters:
  ///   - first: the one file.
  ///   - second: the other file.
  ///   - options: what counts as equal, and whether features are compared.
  /// - Returns: the work; cancelled, it stops within a tensor.
  public func startComparison(
    of first: String, with second: String, options: ComparisonOptions = ComparisonOptions()
  ) -> Job<ComparisonEvent, WeightComparison> {
    Job(superseding: { _, _ in true }) { context in
      try compare(first, with: second, options, context.cancellation) { done, total in
        context.report(.values(done: done, total: total))
      }
    }
  }

  /// Compares two files; see `compare(_:with:options:progress:)` of paths.
  ///
  /// - Throws: what that throws, and ``ModelZooError/notAFileURL(_:)``.
  public func compare(
    _ first: URL, with second: URL, options: ComparisonOptions = ComparisonOptions(),
    progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws -> WeightComparison {
    try compare(first.filePath, with: second.filePath, options: options, progress: progress)
  }

  private func compare(
    _ first: String, with second: String, _ options: ComparisonOptions, _ cancellation: Cancellation,
    _ progress: @escaping (_ done: Int, _ total: Int) throws -> Void
  ) throws -> WeightComparison {
    let targets = try ConversionTargets(catalog)
    var one = try ComparedFile(first, self, targets)
    try cancellation.check()
    var other = try ComparedFile(second, self, targets)
    if one.network != other.network {
      if other.model == nil { other = try ComparedFile(second, self, targets, like: one.network) }
      if one.model == nil { one = try ComparedFile(first, self, targets, like: other.network) }
    }
    return try WeightComparison(one, other, options, cancellation, progress)
  }
}

extension WeightComparison {
  init(
    _ one: ComparedFile, _ other: ComparedFile, _ options: ComparisonOptions, _ cancellation: Cancellation,
    _ progress: @escaping (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws {
    let total = one.valueCount + other.valueCount
    var done = 0
    var run = ComparisonRun(one, other, options.tolerance) { values in
      try Task.checkCancellation()
      try cancellation.check()
      done = min(total, done + values)
      try progress(done, total)
    }
    let tensors = try run.tensors()
    (first, second, self.tensors) = (one.summary, other.summary, tensors)
    let graphs = try one.model.flatMap { own in try other.model.map { try own.differences(from: $0) } }
    let stated = one.stated.flatMap { own in other.stated.map { (own, $0) } }
    facts =
      (graphs ?? [])
      + (stated.map { $0.differences(from: $1, tensors, comparesGraphs: graphs != nil) } ?? [])
    notes = (stated.map { $0.notes(besides: $1) } ?? []) + [one, other].compactMap(\.graphNote)
    features =
      options.comparesFeatures
      ? try FeatureComparison(one, other, seed: options.seed, cancellation) : .notAsked
    tolerance = options.tolerance
  }
}

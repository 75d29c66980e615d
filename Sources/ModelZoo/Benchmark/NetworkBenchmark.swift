public import Catalog
import Execution
import Kernels
import TensorArchive
import Tensors

/// A network from an archive, planned and ready to be measured on this machine. One thread at a time may use it.
///
/// ```swift
/// let report = try NetworkBenchmark(archive: "backbone.zoo.safetensors").measure(batch: 8)
/// print(report.millisecondsPerImage, report.shareOfPeak)
/// ```
public final class NetworkBenchmark {
  private let pool: ThreadPool
  private let session: Session

  /// Loads and plans the network.
  ///
  /// - Parameters:
  ///   - path: the archive.
  ///   - size: images of so many rows and columns; nil for the network's own size.
  ///   - layer: where to stop; nil for the last layer.
  ///   - threads: how many threads work, 1 to 1024; nil for one per core.
  ///   - isExact: see ``BackboneOptions/isExact``.
  /// - Throws: ``ModelZooError/noEntry(archive:)`` for an archive without a network, `ArchiveError` for a damaged one, and
  ///   errors that name the layer or the size where they do not fit the network.
  public init(
    archive path: String, size: Int? = nil, layer: String? = nil, threads: Int? = nil, isExact: Bool = false
  ) throws {
    let archive = try Archive(contentsOf: path)
    guard let network = try ArchivedNetwork(sections: archive.manifest?.sections ?? [:], place: path)
    else { throw ModelZooError.withoutNetwork(archive) }
    let height = size ?? network.size.height
    let width = size ?? network.size.width
    try network.entry.checkInputSize(height: height, width: width, variant: network.variant)
    pool = threads.map { ThreadPool(threads: $0) } ?? .shared
    let plan = try Plan(
      graph: network.graph(), archive: archive, height: height, width: width,
      options: .init(output: layer, arithmetic: .f32(exact: isExact)), pool: pool)
    session = try Session(plan, pool: pool)
  }

  /// Runs the network again and again on images that are the same every time.
  ///
  /// - Parameters:
  ///   - batch: images at a time, 1 to 1024; what is beyond counts as the nearest.
  ///   - seconds: how long to measure, about, at most an hour; each of several measurements takes as long.
  ///   - profilesSteps: whether to time every step on its own as well.
  /// - Throws: `CancellationError` in a task that is cancelled.
  public func measure(
    batch: Int = 1, seconds: Double = 2, profilesSteps: Bool = false
  ) throws -> BenchmarkReport {
    let (batch, shape) = (min(max(1, batch), 1024), session.plan.inputShape)
    let seconds = seconds > 0 ? min(seconds, 3600) : 0
    let images = SyntheticWeights(seed: 1).images(
      count: batch, height: shape[0], width: shape[1], channels: shape[2])
    let time = try Execution.Samples(seconds: seconds) { _ = try session.run(images) }
    let peak = MachinePeak.operationsPerSecond(pool: pool, variant: .preferred)
    let steps = profilesSteps ? try session.profile(images) : []
    return BenchmarkReport(
      session.plan, batch: batch, threads: pool.threadCount, time: time, peak: peak, steps: steps)
  }
}

/// How long a network takes, and what share of the machine's best that is.
public struct BenchmarkReport: Sendable {
  /// What one step of the network takes.
  public struct Step: Sendable {
    /// The layers it computes.
    public let layers: [String]
    /// How.
    public let algorithm: String
    /// One image's output, `[H, W, C]`.
    public let outputShape: [Int]
    /// The median of a whole batch, in seconds.
    public let seconds: Double
    /// Floating-point operations a second, counted as the layers' definitions have them.
    public let operationsPerSecond: Double
    /// What it computes, as a share of the machine's best.
    public let shareOfPeak: Double
  }

  /// The size of the images.
  public let imageSize: Extent
  /// Images at a time.
  public let batch: Int
  /// Threads that worked.
  public let threads: Int
  /// The instruction set that the kernels were compiled for.
  public let kernels: String
  /// How many times the network ran.
  public let runCount: Int
  /// The median time, an image, in milliseconds.
  public let millisecondsPerImage: Double
  /// The shortest time, an image, in milliseconds.
  public let shortestMillisecondsPerImage: Double
  /// The distance between the quartiles, relative to the median: how quiet the machine was.
  public let spread: Double
  /// Floating-point operations a second, counted as the layers' definitions have them: algorithms that compute fewer are
  /// faster by as much.
  public let operationsPerSecond: Double
  /// Floating-point operations a second at best, on all threads, measured in the same run.
  public let peakOperationsPerSecond: Double
  /// What is computed, as a share of the machine's best; the additions of Winograd's and Strassen's algorithms do not count.
  public let shareOfPeak: Double
  /// Every step in its order; empty where steps were not timed.
  public let steps: [Step]

  init(_ plan: Plan, batch: Int, threads: Int, time: Execution.Samples, peak: Double, steps: [StepTime]) {
    imageSize = Extent(plan.inputShape[0], plan.inputShape[1])
    (self.batch, self.threads, kernels) = (batch, threads, "\(KernelVariant.preferred)")
    runCount = time.sorted.count
    millisecondsPerImage = time.median * 1_000 / Double(batch)
    shortestMillisecondsPerImage = time.shortest * 1_000 / Double(batch)
    spread = time.spread
    operationsPerSecond = Double(plan.operations * batch) / time.median
    peakOperationsPerSecond = peak
    shareOfPeak = Double(plan.arithmetic * batch) / time.median / peak
    self.steps = steps.map { step in
      let (output, median) = (step.step.output, step.time.median)
      return Step(
        layers: step.step.layers, algorithm: step.step.algorithm,
        outputShape: [output.height, output.width, output.channels], seconds: median,
        operationsPerSecond: Double(step.step.operations * batch) / median,
        shareOfPeak: Double(step.step.arithmetic * batch) / median / peak)
    }
  }
}

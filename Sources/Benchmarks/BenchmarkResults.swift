import Catalog
import Execution
import Kernels
import Reports
import Tensors

/// What was measured, one line a subject.
struct BenchmarkResults {
  struct Line {
    var subject: String
    var time: Samples
    var operations: Int
    /// Images that one time is for; 0 where there are none.
    var images = 0
  }

  let threads: Int
  /// Operations a second at best.
  let peak: Double
  private(set) var linesMeasured: [Line] = []

  init(pool: ThreadPool) {
    threads = pool.threadCount
    peak = MachinePeak.operationsPerSecond(pool: pool)
  }

  /// Pixels, input channels and filters of pointwise convolutions, from the first layers of networks to the
  /// last.
  private static let products = [
    (12544, 64, 64), (3136, 64, 256), (3136, 256, 64), (1225, 192, 64), (784, 512, 128), (361, 728, 728),
    (289, 768, 192), (196, 1024, 256), (196, 256, 1024), (49, 2048, 512), (49, 512, 2048),
  ]

  mutating func measureProducts(seconds: Double, pool: ThreadPool) {
    for (rows, depth, columns) in Self.products {
      let size = ImageSize(height: 1, width: rows, channels: depth)
      let weights = [Float](repeating: 0.5, count: depth * columns)
      let input = Place(offset: 0, stride: depth)
      let step = ConvolutionStep(
        window: Window(pointwise: size),
        weights: PackedWeights(weights.span, depth: depth, columns: columns, pool: pool),
        epilogue: Epilogue(bias: nil, rectifies: true), from: input,
        to: Place(offset: rows * depth, stride: columns))
      let workspace = Workspace(
        capacity: 1, floatsPerImage: rows * (depth + columns), scratchPerThread: 0, pool: pool)
      let time = Samples(seconds: seconds) { step.run(images: 1, in: workspace) }
      linesMeasured.append(
        Line(subject: "\(rows) x \(depth) x \(columns)", time: time, operations: 2 * rows * depth * columns))
    }
  }

  mutating func measureNetworks(
    _ wanted: [String], batches: [Int], seconds: Double, pool: ThreadPool
  ) throws {
    for identifier in wanted.isEmpty ? EntryCatalog.embedded.identifiers : wanted {
      let entry = try EntryCatalog.embedded.entry(identifier)
      let graph = try entry.graph()
      let (height, width) = (entry.defaultSize.height, entry.defaultSize.width)
      let weights = SyntheticWeights(seed: 1)
      let shapes = Dictionary(
        uniqueKeysWithValues: try graph.parameters(height: height, width: width).map { ($0.name, $0) })
      let plan = try Plan(
        graph: graph,
        parameters: { name in
          shapes[name].flatMap { parameter in
            let values = weights.values(
              layer: parameter.layer, role: parameter.role, shape: parameter.shape)
            return TensorView(Tensor(shape: parameter.shape, scalars: values))
          }
        }, height: height, width: width, pool: pool)
      let session = Session(plan, pool: pool)
      for batch in batches {
        let images = weights.images(count: batch, height: height, width: width)
        let time = try Samples(seconds: seconds) { _ = try session.run(images) }
        linesMeasured.append(
          Line(
            subject: "\(identifier) \(height) x \(width), batch \(batch)", time: time,
            operations: plan.operations * batch, images: batch))
      }
    }
  }

  /// The report as text.
  var lines: [String] {
    var table = Table([
      .init("subject"), .init("ms", .trailing), .init("ms/image", .trailing), .init("spread", .trailing),
      .init("GFLOP/s", .trailing), .init("of peak", .trailing),
    ])
    for line in linesMeasured {
      let milliseconds = line.time.median * 1_000
      let speed = Double(line.operations) / line.time.median
      table.append([
        line.subject, fixed(milliseconds, decimals: 3),
        line.images > 0 ? fixed(milliseconds / Double(line.images), decimals: 2) : "",
        "\(fixed(line.time.spread * 100, decimals: 0)) %", fixed(speed * 1e-9, decimals: 1),
        "\(fixed(speed / peak * 100, decimals: 0)) %",
      ])
    }
    let machine =
      "kernels \(KernelVariant.preferred), \(counted(threads, "thread")), "
      + "peak \(fixed(peak * 1e-9, decimals: 1)) GFLOP/s"
    return [machine, ""] + table.lines()
  }

  /// The same for machines.
  var json: JSON {
    let measured = linesMeasured.map { line -> JSON in
      [
        "subject": .string(line.subject), "medianMilliseconds": .number(line.time.median * 1_000),
        "bestMilliseconds": .number(line.time.shortest * 1_000), "spread": .number(line.time.spread),
        "images": .integer(line.images),
        "gigaflopsPerSecond": .number(Double(line.operations) / line.time.median * 1e-9),
      ]
    }
    return [
      "kernels": .string("\(KernelVariant.preferred)"), "threads": .integer(threads),
      "peakGigaflopsPerSecond": .number(peak * 1e-9), "measurements": .array(measured),
    ]
  }
}

import Encoding
import Execution
import Kernels
import Reports

/// What `zoo bench` found, as text and as JSON.
struct BenchmarkReport {
  let plan: Plan
  let batch: Int
  let threads: Int
  let time: Samples
  /// Floating-point operations a second at best, on all threads.
  let peak: Double
  let steps: [StepTime]

  private var millisecondsPerImage: Double { time.median * 1_000 / Double(batch) }
  private var operationsPerSecond: Double { Double(plan.operations * batch) / time.median }
  private var shareOfPeak: Double { Double(plan.arithmetic * batch) / time.median / peak }

  func print(on console: Console) {
    let size = plan.inputShape
    console.print(
      "\(fixed(millisecondsPerImage, decimals: 2)) ms per image (median of \(time.sorted.count) runs, "
        + "best \(fixed(time.shortest * 1_000 / Double(batch), decimals: 2)) ms, "
        + "spread \(fixed(time.spread * 100, decimals: 0)) %)")
    console.print(
      "\(fixed(operationsPerSecond * 1e-9, decimals: 1)) GFLOP/s of the layers' operations; computing takes "
        + "\(fixed(shareOfPeak * 100, decimals: 0)) % of the \(fixed(peak * 1e-9, decimals: 1)) measured at best"
    )
    console.print(
      "images \(size[0]) x \(size[1]), batches of \(batch), \(counted(threads, "thread")), "
        + "kernels \(plan.variant)")
    if !steps.isEmpty {
      console.print()
      console.print(table)
    }
  }

  private var table: Table {
    var table = Table([
      .init("last layer"), .init("algorithm"), .init("output"), .init("ms", .trailing),
      .init("share", .trailing), .init("GFLOP/s", .trailing), .init("of peak", .trailing),
    ])
    let total = steps.reduce(0) { $0 + $1.time.median }
    for step in steps {
      let size = step.step.output
      table.append([
        step.step.layers.last ?? "", step.step.algorithm, "\(size.height)x\(size.width)x\(size.channels)",
        fixed(step.time.median * 1_000, decimals: 3),
        "\(fixed(step.time.median / total * 100, decimals: 1)) %", fixed(speed(of: step), decimals: 1),
        "\(fixed(share(of: step) * 100, decimals: 0)) %",
      ])
    }
    return table
  }

  /// GFLOP/s of a step.
  private func speed(of step: StepTime) -> Double {
    Double(step.step.operations * batch) / step.time.median * 1e-9
  }

  /// What a step computes, as a share of the peak.
  private func share(of step: StepTime) -> Double {
    Double(step.step.arithmetic * batch) / step.time.median / peak
  }

  var json: JSON {
    let size = plan.inputShape
    var members: [(name: String, value: JSON)] = [
      ("medianMillisecondsPerImage", .number(millisecondsPerImage)),
      ("bestMillisecondsPerImage", .number(time.shortest * 1_000 / Double(batch))),
      ("spread", .number(time.spread)), ("runs", .integer(time.sorted.count)), ("batch", .integer(batch)),
      ("threads", .integer(threads)), ("height", .integer(size[0])), ("width", .integer(size[1])),
      ("kernels", .string("\(plan.variant)")), ("gigaflopsPerSecond", .number(operationsPerSecond * 1e-9)),
      ("peakGigaflopsPerSecond", .number(peak * 1e-9)), ("shareOfPeak", .number(shareOfPeak)),
    ]
    if !steps.isEmpty { members.append(("steps", .array(steps.map(stepJSON)))) }
    return .object(members)
  }

  private func stepJSON(_ step: StepTime) -> JSON {
    let size = step.step.output
    return [
      "layers": .array(step.step.layers.map(JSON.string)), "algorithm": .string(step.step.algorithm),
      "output": [.integer(size.height), .integer(size.width), .integer(size.channels)],
      "medianMilliseconds": .number(step.time.median * 1_000), "gigaflopsPerSecond": .number(speed(of: step)),
      "shareOfPeak": .number(share(of: step)),
    ]
  }
}

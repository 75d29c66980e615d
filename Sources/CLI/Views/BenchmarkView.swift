import ModelZoo
import Reports

/// What `zoo bench` found, as text and as JSON.
struct BenchmarkView {
  let report: BenchmarkReport

  func print(on console: Console) {
    let size = report.imageSize
    console.print(
      "\(fixed(report.millisecondsPerImage, decimals: 2)) ms per image (median of \(report.runCount) runs, "
        + "best \(fixed(report.shortestMillisecondsPerImage, decimals: 2)) ms, "
        + "spread \(fixed(report.spread * 100, decimals: 0)) %)")
    let (speed, peak) = (report.operationsPerSecond * 1e-9, report.peakOperationsPerSecond * 1e-9)
    console.print(
      "\(fixed(speed, decimals: 1)) GFLOP/s by the layers' definitions; computed at "
        + "\(fixed(report.shareOfPeak * 100, decimals: 0)) % of the measured peak of \(fixed(peak, decimals: 1))"
    )
    console.print(
      "images \(size.height) x \(size.width), batches of \(report.batch), "
        + "\(counted(report.threads, "thread")), kernels \(report.kernels)")
    if !report.steps.isEmpty {
      console.print()
      console.print(table)
    }
  }

  private var table: Table {
    var table = Table([
      .init("last layer"), .init("algorithm"), .init("output"), .init("ms", .trailing),
      .init("share", .trailing), .init("GFLOP/s", .trailing), .init("of peak", .trailing),
    ])
    let total = report.steps.reduce(0) { $0 + $1.seconds }
    for step in report.steps {
      table.append([
        step.layers.last ?? "", step.algorithm, step.outputShape.map { "\($0)" }.joined(separator: "x"),
        fixed(step.seconds * 1_000, decimals: 3),
        "\(fixed(step.seconds / total * 100, decimals: 1)) %",
        fixed(step.operationsPerSecond * 1e-9, decimals: 1),
        "\(fixed(step.shareOfPeak * 100, decimals: 0)) %",
      ])
    }
    return table
  }

  var json: JSON {
    var members: [(name: String, value: JSON)] = [
      ("medianMillisecondsPerImage", .number(report.millisecondsPerImage)),
      ("bestMillisecondsPerImage", .number(report.shortestMillisecondsPerImage)),
      ("spread", .number(report.spread)), ("runs", .integer(report.runCount)),
      ("batch", .integer(report.batch)), ("threads", .integer(report.threads)),
      ("height", .integer(report.imageSize.height)), ("width", .integer(report.imageSize.width)),
      ("kernels", .string(report.kernels)),
      ("gigaflopsPerSecond", .number(report.operationsPerSecond * 1e-9)),
      ("peakGigaflopsPerSecond", .number(report.peakOperationsPerSecond * 1e-9)),
      ("shareOfPeak", .number(report.shareOfPeak)),
    ]
    if !report.steps.isEmpty { members.append(("steps", .array(report.steps.map(json)))) }
    return .object(members)
  }

  private func json(_ step: BenchmarkReport.Step) -> JSON {
    [
      "layers": .array(step.layers.map(JSON.string)), "algorithm": .string(step.algorithm),
      "output": .array(step.outputShape.map(JSON.integer)),
      "medianMilliseconds": .number(step.seconds * 1_000),
      "gigaflopsPerSecond": .number(step.operationsPerSecond * 1e-9),
      "shareOfPeak": .number(step.shareOfPeak),
    ]
  }
}

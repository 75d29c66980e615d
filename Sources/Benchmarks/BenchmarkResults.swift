import Encoding
import Execution
import Kernels
import Reports
import TensorArchive
import Tensors

/// What was measured, one line a subject.
struct BenchmarkResults {
  struct Line {
    var kind: BenchmarkRequest.Kind
    var subject: String
    var time: Samples
    /// As layers define them; 0 where there are none.
    var operations = 0
    /// As they are computed.
    var arithmetic = 0
    /// Images that one time is for; 0 where there are none.
    var images = 0

    /// What tells the line apart from all others, in this run and in earlier ones.
    var name: String { "\(kind.rawValue): \(subject)" }
  }

  let machine = Machine()
  let pool: ThreadPool
  let seconds: Double
  /// Operations a second at best.
  let peak: Double
  private(set) var measured: [Line] = []

  init(pool: ThreadPool, seconds: Double) {
    self.pool = pool
    self.seconds = seconds
    peak = MachinePeak.operationsPerSecond(pool: pool)
  }

  mutating func append(_ line: Line) { measured.append(line) }

  /// The report as text; with the times of an earlier run beside, if there is one.
  func lines(comparedTo earlier: EarlierRun? = nil) -> [String] {
    var table = Table(Self.columns + (earlier == nil ? [] : EarlierRun.columns))
    for line in measured { table.append(cells(line) + (earlier.map { $0.cells(line) } ?? [])) }
    let head = [
      machine.description,
      "build: \(Release.producer), \(Machine.configuration), kernels \(KernelVariant.preferred)",
      "\(counted(pool.threadCount, "thread")), at best \(fixed(peak * 1e-9, decimals: 1)) GFLOP/s of multiply-adds",
    ]
    return head + (earlier.map { [$0.description] } ?? []) + [""] + table.lines
  }

  private static let columns: [Table.Column] = [
    .init("kind"), .init("subject"), .init("ms", .trailing), .init("ms/image", .trailing),
    .init("spread", .trailing), .init("GFLOP/s", .trailing), .init("of peak", .trailing),
  ]

  private func cells(_ line: Line) -> [String] {
    let milliseconds = line.time.median * 1_000
    let speed = Double(line.operations) / line.time.median
    return [
      line.kind.rawValue, line.subject, fixed(milliseconds, decimals: 3),
      line.images > 0 ? fixed(milliseconds / Double(line.images), decimals: 2) : "",
      "\(fixed(line.time.spread * 100, decimals: 0)) %",
      line.operations > 0 ? fixed(speed * 1e-9, decimals: 1) : "",
      line.operations > 0 ? "\(fixed(shareOfPeak(line) * 100, decimals: 0)) %" : "",
    ]
  }

  private func shareOfPeak(_ line: Line) -> Double { Double(line.arithmetic) / line.time.median / peak }

  /// The same for machines.
  var json: JSON {
    [
      "machine": machine.json, "producer": .string(Release.producer),
      "configuration": .string(Machine.configuration), "kernels": .string("\(KernelVariant.preferred)"),
      "threads": .integer(pool.threadCount), "peakGigaflopsPerSecond": .number(peak * 1e-9),
      "measurements": .array(measured.map(json)),
    ]
  }

  private func json(_ line: Line) -> JSON {
    var members: [(name: String, value: JSON)] = [
      ("name", .string(line.name)), ("kind", .string(line.kind.rawValue)), ("subject", .string(line.subject)),
      ("medianMilliseconds", .number(line.time.median * 1_000)),
      ("bestMilliseconds", .number(line.time.shortest * 1_000)), ("spread", .number(line.time.spread)),
      ("runs", .integer(line.time.sorted.count)),
    ]
    if line.images > 0 { members.append(("images", .integer(line.images))) }
    if line.operations > 0 {
      let speed = Double(line.operations) / line.time.median
      members.append(("gigaflopsPerSecond", .number(speed * 1e-9)))
      members.append(("shareOfPeak", .number(shareOfPeak(line))))
    }
    return .object(members)
  }
}

import Encoding
import Files
import Foundation
import Reports
import Tensors

/// What an earlier run measured, to be compared with this one.
struct EarlierRun: CustomStringConvertible {
  private struct File: Decodable {
    struct Line: Decodable {
      var name: String
      var medianMilliseconds: Double
      var spread: Double
    }
    var producer: String
    var kernels: String
    var threads: Int
    var peakGigaflopsPerSecond: Double
    var measurements: [Line]
  }

  private let file: File
  private let lines: [String: File.Line]

  /// Reads what `zoo-bench --json` printed.
  init(contentsOf path: String) throws(BenchmarkError) {
    if let error = SystemError.opening(path) {
      throw .unreadable(path: path, reason: error.reasonForReaders)
    }
    guard let data = FileManager.default.contents(atPath: path),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { throw .malformed(path: path) }
    self.file = file
    lines = Dictionary(file.measurements.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var description: String {
    "compared with: \(file.producer), kernels \(file.kernels), \(counted(file.threads, "thread")), "
      + "at best \(fixed(file.peakGigaflopsPerSecond, decimals: 1)) GFLOP/s"
  }

  static let columns: [Table.Column] = [
    .init("earlier ms", .trailing), .init("earlier / now", .trailing), .init(""),
  ]

  /// Below this, two runs of the same program differ.
  private static let leastNoise = 0.03

  func cells(_ line: BenchmarkResults.Line) -> [String] {
    guard let earlier = lines[line.name] else { return ["", "", "new"] }
    let ratio = earlier.medianMilliseconds / (line.time.median * 1_000)
    let noise = Self.leastNoise + earlier.spread + line.time.spread
    let mark = ratio > 1 + noise ? "faster" : ratio * (1 + noise) < 1 ? "SLOWER" : ""
    return [fixed(earlier.medianMilliseconds, decimals: 3), fixed(ratio, decimals: 2), mark]
  }
}

import Execution
import Foundation
import Kernels
import Reports

/// `zoo-bench`: how fast this machine is, how near the kernels come, and how long each network takes.
@main
enum BenchmarkTool {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard let request = BenchmarkRequest(words) else {
      print(BenchmarkRequest.usage)
      exit(words == ["--help"] ? 0 : 64)
    }
    do {
      let earlier = try request.earlier.map { try EarlierRun(contentsOf: $0) }
      let report = try request.measure()
      print(request.isJSON ? report.json.pretty : report.lines(comparedTo: earlier).joined(separator: "\n"))
    } catch {
      print("error: \(error)")
      exit(70)
    }
  }
}

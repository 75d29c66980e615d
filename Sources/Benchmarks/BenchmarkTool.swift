import Errors
import Execution
import Foundation
import Kernels
import Reports
import Tensors

/// `zoo-bench`: how fast this machine is, how near the kernels come, and how long each network takes.
@main
enum BenchmarkTool {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    if words == ["--help"] {
      print(BenchmarkRequest.usage)
      return
    }
    guard let request = BenchmarkRequest(words) else { fail(BenchmarkRequest.usage, code: 64) }
    do {
      let earlier = try request.earlier.map { try EarlierRun(contentsOf: $0) }
      let report = try request.measure()
      print(request.isJSON ? report.json.pretty : report.lines(comparedTo: earlier).joined(separator: "\n"))
    } catch {
      fail("error: \(error)", code: code(of: (error as? any ZooError)?.family))
    }
  }

  /// The exit codes of `zoo`.
  private static func code(of family: ErrorFamily?) -> Int32 {
    switch family {
    case .malformed, .mismatch: 65
    case .missing: 66
    case .unsupported: 69
    case nil: 70
    }
  }

  private static func fail(_ text: String, code: Int32) -> Never {
    complain(text)
    exit(code)
  }

  static func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}

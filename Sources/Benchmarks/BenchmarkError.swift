import Errors
import Tensors

/// Why there is nothing to compare with.
enum BenchmarkError: ZooError {
  case unreadable(path: String, reason: String)
  case malformed(path: String)

  var family: ErrorFamily {
    switch self {
    case .unreadable: .missing
    case .malformed: .malformed
    }
  }

  var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .malformed(let path): "\(path): no earlier run; expected what zoo-bench --json printed"
    }
  }
}

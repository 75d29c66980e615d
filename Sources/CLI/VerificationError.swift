import Encoding
import Reports
import Tensors

/// What `zoo verify` finds wrong beyond damage.
enum VerificationError: ZooError {
  /// The archive's tensors are not the parameters of the entry it carries.
  case unbound(path: String, entry: String, problems: [String])
  /// Several files were checked; what is wrong with each was printed.
  case several(failures: Int, files: Int, family: ErrorFamily)

  var family: ErrorFamily {
    switch self {
    case .unbound: .mismatch
    case .several(_, _, let family): family
    }
  }

  var description: String {
    switch self {
    case .unbound(let path, let entry, let problems):
      "\(path): its tensors are not the parameters of \(entry): \(problems.joined(separator: "; "))"
    case .several(let failures, let files, _):
      "verify: \(failures.grouped) of \(counted(files, "file")) failed; see the list"
    }
  }
}

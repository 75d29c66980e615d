import ModelZoo
import Reports

/// Several files were gone through; what is wrong with each was printed.
struct SeveralFailures: ZooError {
  let verb: String
  let failures: Int
  let files: Int
  /// That of the first failure.
  let family: ErrorFamily

  var description: String {
    "\(verb): \(failures.grouped) of \(counted(files, "file")) failed; see the list above"
  }
}

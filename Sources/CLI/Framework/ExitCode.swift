import ModelZoo
import Reports

/// What `zoo` tells its caller, by the numbers of BSD's `sysexits.h`.
package enum ExitCode: Int32, CaseIterable, Sendable {
  case success = 0
  case different = 1
  case usage = 64
  case data = 65
  case missing = 66
  case unsupported = 69
  case bug = 70
  case interrupted = 130

  init(_ error: any Error) {
    switch error {
    case is FoundDifferent: self = .different
    case is UsageError: self = .usage
    case is Interruption: self = .interrupted
    case let error as any ZooError: self.init(error.family)
    default: self = .bug
    }
  }

  private init(_ family: ErrorFamily) {
    switch family {
    case .malformed, .mismatch: self = .data
    case .missing: self = .missing
    case .unsupported: self = .unsupported
    }
  }

  /// What it means, as help prints it.
  package var meaning: String {
    switch self {
    case .success: "success"
    case .different: "the files that were compared differ"
    case .usage: "the command line is not valid"
    case .data: "a file is damaged, or inputs do not fit together"
    case .missing: "a file, a folder or a name does not exist, or a file cannot be read or written"
    case .unsupported: "valid, but not supported, or beyond a limit of this system"
    case .bug: "a bug in zoo; please report it"
    case .interrupted:
      "interrupted; a training was saved, features are in the cache: both can be gone on with; any other output is unchanged"
    }
  }
}

/// The name of the error's family in JSON.
func familyName(of error: any Error) -> String {
  switch error {
  case is UsageError: "usage"
  case is Interruption: "interrupted"
  case let error as any ZooError: "\(error.family)"
  default: "bug"
  }
}

/// Errors of the standard streams themselves.
enum ConsoleError: ZooError {
  case cannotWrite(reason: String)

  var family: ErrorFamily { .missing }

  var description: String {
    switch self {
    case .cannotWrite(let reason): "standard output: cannot be written: \(reason)"
    }
  }
}

/// An error that has more to tell a machine than its sentence.
protocol DetailedError: Error {
  /// A member of the error's JSON.
  var details: (name: String, value: JSON)? { get }
}

import Encoding
public import Errors
public import Files

/// Why a `.npz` file is not read as weights.
public enum NumPyWeightsError: ZooError, Hashable {
  /// The archive cannot be read; that error, unchanged.
  case bytes(FileError)
  /// An array that is not what NumPy writes.
  case damaged(place: String, reason: String)
  /// An array that is written in a way that is not read.
  case unsupported(place: String, what: String, advice: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .bytes(let error): error.family
    case .damaged: .malformed
    case .unsupported: .unsupported
    }
  }

  /// One sentence, with no line break of a path or a name in it.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .bytes(let error): error.description
    case .damaged(let place, let reason): "\(place): \(reason); fetch the file again, or save it again"
    case .unsupported(let place, let what, let advice): "\(place): \(what): not supported; \(advice)"
    }
  }
}

/// Runs `body`, whose errors are those of the file.
func readingFile<Result>(_ body: () throws(FileError) -> Result) throws(NumPyWeightsError) -> Result {
  do throws(FileError) { return try body() } catch { throw .bytes(error) }
}

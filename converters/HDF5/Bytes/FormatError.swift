/// Why a structure of the file cannot be read, told where nobody knows yet by which name the file calls it.
enum FormatError: Error {
  case damaged(String)
  /// Something promises more than can be true, or than we accept.
  case beyond(what: String, limit: Int, found: Int)
  /// Legal, but nothing a weight file needs.
  case refused(String)
  case wrongKind(expected: String, found: String)
  /// The file itself cannot be read any more.
  case file(HDF5Error)

  /// The same for readers, who want to know where it is.
  func located(at place: String) -> HDF5Error {
    switch self {
    case .damaged(let reason): .malformed(place: place, reason: reason)
    case .beyond(let what, let limit, let found):
      .limitExceeded(place: place, what: what, limit: limit, found: found)
    case .refused(let what): .refused(place: place, what: what)
    case .wrongKind(let expected, let found): .wrongKind(place: place, expected: expected, found: found)
    case .file(let error): error
    }
  }
}

/// Runs `body`, whose errors are those of `place`.
func locating<Result>(
  _ place: @autoclosure () -> String, _ body: () throws(FormatError) -> Result
) throws(HDF5Error) -> Result {
  do throws(FormatError) { return try body() } catch { throw error.located(at: place()) }
}

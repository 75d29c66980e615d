/// What kind of error it is; decides the exit code of `zoo`.
public enum ErrorFamily: Sendable {
  /// The bytes are not what they claim to be.
  case malformed
  /// Well-formed, but not supported (yet).
  case unsupported
  /// Two inputs that must fit together do not.
  case mismatch
  /// Something that was named does not exist.
  case missing
}

/// An error of this package: its cases carry data, its description is one sentence.
///
/// Every module has one enum of this kind. The description reads *place: what; expected X, found Y; what to
/// do* and needs no other text around it.
public protocol ZooError: Error, CustomStringConvertible {
  /// What kind of error it is.
  var family: ErrorFamily { get }
}

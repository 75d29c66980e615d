/// What kind of trouble an error is; decides the exit code of `zoo`.
public enum ErrorFamily: Sendable {
  /// The bytes are not what they claim to be.
  case malformed
  /// Well-formed, but something we do not do (yet).
  case unsupported
  /// Two things that must agree do not.
  case mismatch
  /// Something named is not there.
  case missing
}

/// An error of ours: data first, one sentence second.
///
/// Every module has one enum of this kind. The description reads *place: what; expected X, found Y; what to
/// do* and needs no other text around it.
public protocol ZooError: Error, CustomStringConvertible {
  /// The kind of trouble.
  var family: ErrorFamily { get }
}

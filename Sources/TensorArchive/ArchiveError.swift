public import Errors
public import Files
public import Tensors

/// Why an archive cannot be read or written.
public enum ArchiveError: ZooError, Hashable {
  /// The file cannot be read or written.
  case file(FileError)
  /// The file is not a safetensors file; `finding` says what it looks like.
  case notAnArchive(path: String, finding: String)
  /// The header breaks a rule of the format.
  case malformedHeader(path: String, place: String, expected: String, found: String)
  /// The file is shorter or longer than its header says; both in bytes.
  case wrongSize(path: String, expected: Int, found: Int)
  /// The header was changed after it was written; both sides are SHA-256 digests.
  case damagedHeader(path: String, expected: String, found: String)
  /// A newer major version of the format.
  case newerVersion(path: String, found: FormatVersion, supported: FormatVersion)
  /// A scalar type this build does not read.
  case unsupportedType(path: String, tensor: String, type: String)
  /// More of something than the format allows.
  case overLimit(path: String, what: String, limit: Int, found: Int)
  /// The file has no tensor of this name among its `count` tensors.
  case missingTensor(path: String, name: String, count: Int)
  /// A tensor was changed after it was written; both sides are CRC-32 checksums.
  case damagedTensor(path: String, name: String, expected: UInt32, found: UInt32)
  /// Damage that a full verification found; both sides are SHA-256 digests of the payload.
  case damagedPayload(path: String, tensors: [String], expected: String, found: String)
  /// The tensors or the manifest given to a writer contradict the format or one another.
  case invalidContents(path: String, place: String, expected: String, found: String)
  /// A number that is too large for the type it is to be stored as.
  case unrepresentable(path: String, tensor: String, type: ScalarType, value: Double)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .file(let error): error.family
    case .missingTensor: .missing
    case .notAnArchive, .malformedHeader, .wrongSize, .damagedHeader, .damagedTensor, .damagedPayload:
      .malformed
    case .newerVersion, .unsupportedType, .overLimit, .unrepresentable: .unsupported
    case .invalidContents: .mismatch
    }
  }
}

extension ArchiveError {
  /// Whether the file was never a safetensors file, as far as its first bytes show.
  package var isOfAnotherKind: Bool { if case .notAnArchive = self { true } else { false } }

  /// Runs `body` and rethrows its file errors as errors of the archive.
  static func wrapping<Result>(_ body: () throws(FileError) -> Result) throws(ArchiveError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}

public import Files
public import Tensors

/// What can go wrong with an archive.
public enum ArchiveError: ZooError, Hashable {
  /// The file cannot be read or written.
  case file(FileError)
  /// The bytes are no safetensors file; `finding` says what they look like.
  case notAnArchive(path: String, finding: String)
  /// The header breaks a rule of the format.
  case malformedHeader(path: String, place: String, expected: String, found: String)
  /// The file is shorter or longer than its header says; both in bytes.
  case wrongSize(path: String, expected: Int, found: Int)
  /// The header's bytes are not those that were written; both SHA-256.
  case damagedHeader(path: String, expected: String, found: String)
  /// A newer major version of the format.
  case newerVersion(path: String, found: FormatVersion, supported: FormatVersion)
  /// A scalar type this build does not read.
  case unsupportedType(path: String, tensor: String, type: String)
  /// More of something than the format allows.
  case overLimit(path: String, what: String, limit: Int, found: Int)
  /// There is no tensor of this name among the `count` the file holds.
  case missingTensor(path: String, name: String, count: Int)
  /// A tensor's bytes are not those that were written; both CRC-32.
  case damagedTensor(path: String, name: String, expected: UInt32, found: UInt32)
  /// What a full verification found.
  case damagedPayload(path: String, tensors: [String], expected: String, found: String)
  /// The tensors or the manifest given to a writer contradict the format or one another.
  case invalidContents(path: String, place: String, expected: String, found: String)
  /// A number beyond the largest of the type it was to be stored as.
  case unrepresentable(path: String, tensor: String, type: ScalarType, value: Double)

  /// The kind of trouble.
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

  /// Takes what is wrong with a file for what is wrong with an archive.
  static func wrapping<Result>(_ body: () throws(FileError) -> Result) throws(ArchiveError) -> Result {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}

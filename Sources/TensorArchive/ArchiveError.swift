public import Tensors

/// What can go wrong with an archive, or with writing any file.
public enum ArchiveError: ZooError, Hashable {
  /// The file cannot be opened or read; `reason` in the system's words.
  case unreadable(path: String, reason: String)
  /// The file cannot be written; nothing was changed.
  case unwritable(path: String, reason: String, advice: String)
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
    case .unreadable, .unwritable, .missingTensor: .missing
    case .notAnArchive, .malformedHeader, .wrongSize, .damagedHeader, .damagedTensor, .damagedPayload:
      .malformed
    case .newerVersion, .unsupportedType, .overLimit, .unrepresentable: .unsupported
    case .invalidContents: .mismatch
    }
  }
}

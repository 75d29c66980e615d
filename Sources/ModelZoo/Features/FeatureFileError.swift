public import Tensors

/// Why features cannot be written or read.
public enum FeatureFileError: ZooError, Hashable {
  /// The file's ending names no kind of file we write.
  case unknownEnding(path: String)
  /// More axes than the header has room for.
  case tooManyAxes(path: String, axes: Int)
  /// A file that is read as features is something else.
  case malformed(path: String, expected: String, found: String)
  /// A `.npy` array of another kind than we read.
  case unsupportedArray(path: String, expected: String, found: String)

  /// The kind of trouble.
  public var family: ErrorFamily {
    if case .malformed = self { .malformed } else { .unsupported }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): the ending decides the format; expected .npy or .safetensors; name the file so"
    case .tooManyAxes(let path, let axes):
      "\(path): features with \(axes) axes do not fit a .npy header; write .safetensors instead"
    case .malformed(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); compute and write the features again"
    case .unsupportedArray(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); save it so with NumPy, or compute and write the features again"
    }
  }
}

public import Tensors

/// Why features cannot be written.
public enum FeatureFileError: ZooError, Hashable {
  /// The file's ending names no kind of file we write.
  case unknownEnding(path: String)
  /// More axes than the header has room for.
  case tooManyAxes(path: String, axes: Int)

  /// The kind of trouble.
  public var family: ErrorFamily { .unsupported }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): the ending decides the format; expected .npy or .safetensors; rename the output"
    case .tooManyAxes(let path, let axes):
      "\(path): features with \(axes) axes do not fit a .npy header; write .safetensors instead"
    }
  }
}

public import Errors

/// Why a feature file cannot be written or read.
public enum FeatureFileError: ZooError, Hashable {
  /// The file name does not end in .npy or .safetensors.
  case unknownEnding(path: String)
  /// Features with too many axes for a `.npy` header.
  case tooManyAxes(path: String, axes: Int)
  /// A file that is not a feature file.
  case malformed(path: String, expected: String, found: String)
  /// Several tensors for a file that holds one.
  case oneTensorOnly(path: String, found: [String])
  /// The name of a layer that has another meaning in the file.
  case reservedName(path: String, name: String)
  /// A file with several tensors where none was selected.
  case severalTensors(path: String, found: [String])
  /// A tensor that is not in the file.
  case noSuchTensor(path: String, name: String, found: [String])
  /// A `.npy` array of a type or layout that is not supported.
  case unsupportedArray(path: String, expected: String, found: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .malformed: .malformed
    case .noSuchTensor: .missing
    case .severalTensors: .mismatch
    case .unknownEnding, .tooManyAxes, .oneTensorOnly, .reservedName, .unsupportedArray: .unsupported
    }
  }

  /// The error in one sentence.
  public var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): expected a name ending in .npy or .safetensors, which decides the format"
    case .tooManyAxes(let path, let axes):
      "\(path): features with \(axes) axes do not fit into a .npy header; write .safetensors instead"
    case .oneTensorOnly(let path, let found):
      "\(path): a .npy file holds one array, found \(found.count) layers (\(found.joined(separator: ", "))); write "
        + ".safetensors instead"
    case .reservedName(let path, let name):
      "\(path): a layer called \(name) has the name of the tensor of class labels; choose another layer"
    case .severalTensors(let path, let found):
      "\(path): expected one tensor of features, found \(found.count) (\(found.joined(separator: ", "))); name the layer"
    case .noSuchTensor(let path, let name, let found):
      "\(path): no tensor called \(name); found \(found.joined(separator: ", "))"
    case .malformed(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); compute and write the features again"
    case .unsupportedArray(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); save it in this form with NumPy, or compute and write the features again"
    }
  }
}

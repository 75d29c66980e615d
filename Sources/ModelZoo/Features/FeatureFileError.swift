import Encoding
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
  /// More names than the header of a file holds.
  case tooManyNames(path: String, limit: Int, found: Int)
  /// Features without classes where those are needed.
  case unlabelled(path: String)
  /// Features that another backbone computed, or one with other options; a sentence for each difference.
  case otherBackbone(path: String, archive: String, differences: [String])
  /// Features that were not computed like those of another file, which they are to be used with; a sentence for each difference.
  case otherFeatures(path: String, other: String, differences: [String])
  /// Features of several variants of each image, where those of the images as they are are needed.
  case variants(path: String, count: Int)
  /// Something to be done that needs the images themselves.
  case needsImages(path: String, purpose: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .malformed: .malformed
    case .noSuchTensor: .missing
    case .severalTensors, .unlabelled, .otherBackbone, .otherFeatures, .variants, .needsImages: .mismatch
    case .unknownEnding, .tooManyNames, .tooManyAxes, .oneTensorOnly, .reservedName, .unsupportedArray:
      .unsupported
    }
  }

  /// The error in one sentence.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): expected a name ending in .npy or .safetensors, which decides the format"
    case .tooManyAxes(let path, let axes):
      "\(path): features with \(axes) axes do not fit into a .npy header; write .safetensors instead"
    case .oneTensorOnly(let path, let found):
      "\(path): a .npy file holds one array, found \(found.count) layers (\(found.joined(separator: ", "))); write "
        + ".safetensors instead"
    case .reservedName(let path, let name):
      "\(path): a layer called \(name) has the name of a tensor of class labels or of images without features; choose another layer"
    case .severalTensors(let path, let found):
      "\(path): expected one tensor of features, found \(found.count) (\(found.joined(separator: ", "))); name the layer"
    case .noSuchTensor(let path, let name, let found):
      "\(path): no tensor called \(name); found \(found.joined(separator: ", "))"
    case .malformed(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); compute and write the features again"
    case .unsupportedArray(let path, let expected, let found):
      "\(path): expected \(expected), found \(found); save it in this form with NumPy, or compute and write the features again"
    case .tooManyNames(let path, let limit, let found):
      "\(path): the names of the images take \(found.grouped) bytes; expected at most the \(limit.grouped) of a .safetensors header; "
        + "leave the features in shards, or write .npy"
    case .unlabelled, .otherBackbone, .otherFeatures, .variants, .needsImages: mismatch
    }
  }

  /// What does not go together, in one sentence.
  private var mismatch: String {
    switch self {
    case .unlabelled(let path):
      "\(path): expected features with the classes of their images, found none; compute those of a folder with one sub-folder per "
        + "class, or of a manifest"
    case .otherBackbone(let path, let archive, let differences):
      "\(path): not the features of \(archive): \(differences.joined(separator: "; ")); name the archive they were computed with, or compute them with its settings"
    case .otherFeatures(let path, let other, let differences):
      "\(path): not computed as \(other): \(differences.joined(separator: "; ")); compute both alike"
    case .variants(let path, let count):
      "\(path): expected the features of images as they are, found \(count) variants of each; compute them without augmentation"
    case .needsImages(let path, let purpose):
      "\(purpose): expected images, found the features in \(path); name the images, or leave it out"
    case .unknownEnding, .tooManyAxes, .malformed, .oneTensorOnly, .reservedName, .severalTensors,
      .noSuchTensor,
      .unsupportedArray, .tooManyNames:
      ""
    }
  }
}

import Encoding
public import Errors
public import Files
// An error that says where in the file it happened is part of this one.
@_exported public import enum HDF5.HDF5Error

/// Why a file is not read as weights of Keras.
public enum KerasWeightsError: ZooError, Hashable {
  /// The HDF5 layer's own error, unchanged.
  case file(HDF5Error)
  /// The file, or the archive that contains it, cannot be read or unpacked; that error, unchanged.
  case bytes(FileError)
  /// An HDF5 file that Keras did not write; `found` are the members of its root.
  case notKeras(path: String, found: [String])
  /// A layout of Keras, or a format of other programs, that is recognised and not read.
  case unsupportedLayout(path: String, layout: String, advice: String)
  /// Numbers of two bytes of which neither the file nor an architecture says what they are.
  ///
  /// - Parameters:
  ///   - tensor: the first of them, as the file names it.
  ///   - isDescribed: whether there is an architecture, of which the layer is no layer of `bfloat16`.
  case untypedNumbers(path: String, tensor: String, isDescribed: Bool)
  /// The weights are not those of the architecture that goes with them.
  case otherArchitecture(place: String, reason: String)
  /// The file's own lists do not agree with what it holds.
  case damaged(place: String, reason: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .file(let error): error.family
    case .bytes(let error): error.family
    case .notKeras, .damaged, .otherArchitecture: .malformed
    case .unsupportedLayout, .untypedNumbers: .unsupported
    }
  }

  /// One sentence, with no line break of a path or a name in it.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .file(let error): error.description
    case .bytes(let error): error.description
    case .notKeras(let path, let found):
      "\(path): HDF5, but no Keras weight file: expected the attribute 'layer_names' on '/' or"
        + " '/model_weights', found \(found.isEmpty ? "an empty root" : found.joined(separator: ", "))"
    case .unsupportedLayout(let path, let layout, let advice):
      "\(path): \(layout): not yet supported; \(advice)"
    case .untypedNumbers(let path, let tensor, let isDescribed):
      "\(path): the numbers of '\(tensor)' have 2 bytes each and no type, as Keras leaves bfloat16 in such files: "
        + (isDescribed
          ? "expected a layer of bfloat16 in the model's architecture, found another type"
          : "expected the model's architecture, which says so, beside them")
        + "; save the model as '.keras' with Keras 3, which notes the type"
    case .otherArchitecture(let place, let reason):
      "\(place): \(reason): architecture and weights are of different models; save the model again, or give the architecture of these "
        + "weights"
    case .damaged(let place, let reason): "\(place): \(reason); fetch the file again"
    }
  }
}

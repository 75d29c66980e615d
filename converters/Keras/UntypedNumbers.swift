import Catalog
import Tensors

/// Numbers of two bytes that a file does not say the type of.
///
/// HDF5 and NumPy have no `bfloat16`: legacy files of every Keras, and all files of Keras 2, have such weights as two opaque bytes a
/// number. Keras reads none of them; the type policies in the model's architecture tell what they are.
struct UntypedNumbers {
  /// The one type of Keras that is stored so.
  static let type = ScalarType.bfloat16

  private let path: String
  private let architecture: String?
  /// The outermost layers and models that keep `bfloat16`, by name.
  private lazy var layers = Set(
    (architecture.flatMap { KerasLayerTree(json: $0) }?.layers ?? []).filter(\.keepsBrainFloats).map(\.name))

  /// - Parameters:
  ///   - path: the file's.
  ///   - architecture: of its model, where it is known.
  init(_ path: String, _ architecture: String?) {
    (self.path, self.architecture) = (path, architecture)
  }

  /// Throws unless `layer`, one of the model's outermost, keeps `bfloat16`.
  mutating func require(_ tensor: String, of layer: String) throws(KerasWeightsError) {
    guard !layers.contains(layer) else { return }
    throw .untypedNumbers(path: path, tensor: tensor, isDescribed: architecture != nil)
  }
}

public import TensorArchive
import WeightConversion

/// A weight file in numbers and names; its elements are not read.
public struct WeightFileDescription: Sendable {
  /// The file as it was named.
  public let path: String
  /// Its size in bytes.
  public let byteCount: Int
  /// The program that wrote it: `Keras`, `PyTorch`, `NumPy`.
  public let writer: String
  /// The form it was saved in: `keras-hdf5` (`.h5`), `keras-zip` (`.keras`), `keras-weights-hdf5` (`.weights.h5`) or
  /// `keras-weights-json` (`.weights.json` and the files it lists); `pytorch-zip` and `pytorch-pickle` (`.pth`) or
  /// `pytorch-safetensors`; `npz`.
  public let form: String
  /// The same in words.
  public let formWords: String
  /// Whether a whole model was saved, not its weights alone.
  public let isWholeModel: Bool
  /// The version of Keras that wrote it; nil where it does not say.
  public let kerasVersion: String?
  /// The backend that Keras ran on: `tensorflow`, `theano`; nil where it does not say.
  public let backend: String?
  /// How many layers it names, those of models inside the model among them.
  public let layerCount: Int
  /// How many of them have weights.
  public let weightedLayerCount: Int
  /// Every tensor by its path in the file, in the file's order and shapes.
  public let tensors: [TensorDeclaration]

  /// - Parameter path: the file as it was named, which may be what the weights are packed in.
  init(_ file: any WeightSource, path: String) {
    self.path = path
    byteCount = file.byteCount
    (form, formWords) = (file.formName, file.formWords)
    writer = file.facts.writer
    isWholeModel = file.isWholeModel
    kerasVersion = file.facts.writerVersion
    backend = file.facts.backend
    layerCount = file.layerCount
    weightedLayerCount = file.layers.count
    tensors = file.layers.flatMap(\.tensors).map {
      TensorDeclaration(name: $0.path, scalarType: $0.scalarType, shape: $0.storedShape ?? $0.shape)
    }
  }
}

import KerasWeights

/// A format of another program that a network can be written in.
public enum ExportFormat: Hashable, Sendable {
  /// One ONNX model, for ONNX Runtime and everything else that reads ONNX.
  case onnx(ONNXOptions)
  /// An archive of NumPy arrays: all weights under the names that they have here, `conv1_conv/kernel`.
  case npz
  /// Weights alone as Keras 3 saves them, `.weights.h5`: for a model with the same layers in the same order.
  case kerasWeights
  /// Weights alone as older Kerases save them, `.h5`, in the layout of an era (`keras1`, `keras2`, `tf.keras2`, `keras3`) or of a weight
  /// set of the network; nil for the layout of the file that the archive was converted from.
  case kerasH5(era: String? = nil)
  /// A whole model as Keras 3 saves it, `.keras`: what it reads was preprocessed, and what it gives is what the head gives.
  case keras
  /// Weights alone under the names of torchvision's network, or of timm's where they came from there, a safetensors file that
  /// `load_state_dict(strict=True)` takes: of archives whose graph one of them computes. A head that is not that network's classifier has
  /// no place in it: it is refused, or left out where that is asked for.
  case torch(leavesOutHead: Bool = false)

  /// What files of the format are, in words.
  public var contents: String {
    switch self {
    case .onnx: "an ONNX model"
    case .npz: "an archive of NumPy arrays"
    case .kerasWeights: "a weight file of Keras 3"
    case .kerasH5: "a weight file of Keras"
    case .keras: "a model of Keras 3"
    case .torch: "a state dictionary of PyTorch"
    }
  }

  /// The ending of its files, without the dot.
  public var fileExtension: String {
    switch self {
    case .onnx: "onnx"
    case .npz: "npz"
    case .kerasWeights: "weights.h5"
    case .kerasH5: "h5"
    case .keras: "keras"
    case .torch: "safetensors"
    }
  }
}

/// The program whose names, graph and order of axes weights have.
package enum Framework: String, Hashable, Sendable, Codable {
  case keras
  /// With the networks of torchvision, or those that are built like them.
  case pyTorch = "pytorch"
  /// A graph of operators; weights come in our order of axes.
  case onnx
}

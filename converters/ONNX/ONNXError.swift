import Encoding
public import Errors

/// Why a network cannot be written as an ONNX model. Nothing has been written.
public enum ONNXError: ZooError, Hashable {
  /// A layer whose operation has no counterpart among ONNX's operators here.
  case notExpressible(layer: String, className: String, reason: String)
  /// The graph does not fit together at this image size.
  case invalidGraph(String)
  /// A parameter of the graph that is not among the weights, or not of its shape.
  case parameter(name: String, expected: String, found: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .notExpressible: .unsupported
    case .invalidGraph, .parameter: .mismatch
    }
  }

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .notExpressible(let layer, let className, let reason):
      "layer \(layer) (\(className)): cannot be expressed in ONNX: \(reason); export the features of an earlier layer"
    case .invalidGraph(let problem): problem
    case .parameter(let name, let expected, let found):
      "weights: \(name): expected \(expected), found \(found); convert the weights again"
    }
  }
}

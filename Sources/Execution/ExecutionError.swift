import Encoding
public import Errors
public import Tensors

/// Why a network cannot be planned or run.
public enum ExecutionError: ZooError, Hashable {
  /// The network has no layer of this name; `nearest` is the one spelled most like it.
  case unknownLayer(String, nearest: String?)
  /// The graph does not fit together at this input size.
  case invalidGraph(layer: String, problem: String)
  /// Parameters of the graph that are missing in the weights.
  case missingParameters([String])
  /// Parameters that have another shape than in the graph.
  case wrongShapes([WrongShape])
  /// Parameters that are not floating-point numbers.
  case wrongScalarType(parameter: String, found: ScalarType)
  /// Activations, or weights, need more memory than this process can have.
  case notEnoughMemory(neededBytes: Int, availableBytes: Int)
  /// The input's elements are not whole images.
  case wrongInputCount(expectedMultipleOf: Int, found: Int)

  /// A parameter's shape in the graph and in the weights.
  public struct WrongShape: Hashable, Sendable {
    /// Its name: `conv1_conv/kernel`.
    public var parameter: String
    /// What the graph says.
    public var expected: TensorShape
    /// What the weights hold.
    public var found: TensorShape

    /// Makes the pair.
    public init(parameter: String, expected: TensorShape, found: TensorShape) {
      self.parameter = parameter
      self.expected = expected
      self.found = found
    }
  }
}

extension ExecutionError {
  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .unknownLayer, .missingParameters: .missing
    case .invalidGraph, .wrongShapes, .wrongInputCount: .mismatch
    case .wrongScalarType, .notEnoughMemory: .unsupported
    }
  }

  /// What is wrong, in a sentence.
  public var description: String {
    switch self {
    case .unknownLayer(let name, let nearest):
      "layer \(name): the network has no such layer"
        + (nearest.map { "; did you mean \($0)?" } ?? "; the summary lists its layers")
    case .invalidGraph(let layer, let problem):
      "layer \(layer): \(problem)"
    case .missingParameters(let names):
      "weights: expected every parameter of the graph, found \(names.count) missing: \(names.joined(separator: ", ")); "
        + "convert the file again, or choose the graph variant that the weights belong to"
    case .wrongShapes(let shapes):
      "weights: " + shapes.map(\.description).joined(separator: "; ")
        + "; choose the entry or graph variant that the weights belong to"
    case .wrongScalarType(let parameter, let found):
      "weights: \(parameter): expected F32, F64, F16 or BF16, found \(found.rawValue); convert it first"
    case .notEnoughMemory(let needed, let available):
      "memory: activations and weights would take \(memoryNeed(needed)); expected at most the "
        + "\(memoryRoom(available)) there are; choose a smaller input size, fewer threads, or a larger limit"
    case .wrongInputCount(let count, let found):
      "input: expected a multiple of \(count) elements (one image), found \(found); "
        + "resize the images to the size the network was planned for"
    }
  }
}

extension ExecutionError.WrongShape: CustomStringConvertible {
  /// Both shapes.
  public var description: String { "\(parameter): expected \(expected), found \(found)" }
}

public import Catalog

/// One reason for what a weight file was taken to be, as data; ``description`` is a sentence without a full stop.
public enum RecognitionReason: Hashable, Sendable, CustomStringConvertible {
  /// Something the file shows.
  case evidence(String)
  /// The order of kernels follows from the file.
  case kernels(KernelOrder, axes: AxisOrder, backend: String?)
  /// Kernels whose axes stand as Theano's do are taken as rotated, too, which nothing in the file proves.
  case kernelsAssumed(KernelOrder, axes: AxisOrder)
  /// The order of kernels is the one that was asked for.
  case kernelsAsAsked(KernelOrder, axes: AxisOrder)
  /// How pixels are scaled for the network is nowhere to be found: it is given 0 to 255.
  case pixelsUnrecorded
  /// The variant of the graph is the one that was asked for.
  case graphAsAsked(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .evidence(let sentence): sentence
    case .kernels(.theano, let axes, let backend?):
      "\(axes.explanation); backend is '\(backend)': kernels are rotated by 180°"
    case .kernels(.theano, let axes, nil): "\(axes.explanation), rotated by 180°"
    case .kernels(.tensorflow, let axes, _): "\(axes.explanation), not rotated"
    case .kernelsAssumed(_, let axes):
      "\(axes.explanation), assumed to be rotated by 180°, as Theano applies them"
    case .kernelsAsAsked(let order, let axes):
      "\(axes.explanation); kernel order \(order.rawValue), as requested"
    case .pixelsUnrecorded: "the file does not say how pixel values are scaled: the network is given 0 to 255"
    case .graphAsAsked(let graph): "graph \(graph), as requested"
    }
  }
}

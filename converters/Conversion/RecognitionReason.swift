public import Catalog

/// One reason why a weight file was recognised as it was, as data; ``description`` is a sentence without a full stop.
public enum RecognitionReason: Hashable, Sendable, CustomStringConvertible {
  /// Something the file shows.
  case evidence(String)
  /// The kernel order follows from the file.
  case kernels(KernelOrder, axes: AxisOrder, backend: String?)
  /// Kernels with Theano's order of axes are assumed to be rotated, too, which nothing in the file proves.
  case kernelsAssumed(KernelOrder, axes: AxisOrder)
  /// The kernel order that was requested.
  case kernelsAsAsked(KernelOrder, axes: AxisOrder)
  /// The file does not say how pixel values are scaled: the network is given 0 to 255.
  case pixelsUnrecorded
  /// The graph variant that files of the weight set belong to, with what is to be said of that.
  case graphOfSet(String, set: String, note: String?)
  /// The graph variant that the file says its weights are of.
  case graphOfFile(String)
  /// The graph variant that was requested.
  case graphAsAsked(String)
  /// Where features end, and what tells that, in a sentence; `other` is a layer that may be meant instead, nil for none.
  case featureEnd(String, other: String?)

  /// The reason in one sentence.
  public var description: String {
    switch self {
    case .evidence(let sentence), .featureEnd(let sentence, _): sentence
    case .kernels(.theano, let axes, let backend?):
      "\(axes.explanation); backend is '\(backend)': kernels are rotated by 180°"
    case .kernels(.theano, let axes, nil): "\(axes.explanation), rotated by 180°"
    case .kernels(.tensorflow, .oihw, let backend?):
      "\(AxisOrder.oihw.explanation); backend is '\(backend)': kernels are not rotated"
    case .kernels(.tensorflow, let axes, _): "\(axes.explanation), not rotated"
    case .kernelsAssumed(_, let axes):
      "\(axes.explanation), assumed to be rotated by 180°, as Theano applies them"
    case .kernelsAsAsked(let order, let axes):
      "\(axes.explanation); kernel order \(order.rawValue), as requested"
    case .pixelsUnrecorded: "the file does not say how pixel values are scaled: the network is given 0 to 255"
    case .graphOfSet(let graph, let set, let note):
      "graph \(graph): the one that weight set \(set) belongs to" + (note.map { "; \($0)" } ?? "")
    case .graphOfFile(let graph): "graph \(graph): the file says so"
    case .graphAsAsked(let graph): "graph \(graph), as requested"
    }
  }
}

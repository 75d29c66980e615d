/// An ONNX model as its file has it: a graph of operators, and where their numbers lie.
struct ONNXFile {
  /// A name of the graph's inputs or outputs, and its extents.
  struct Port {
    enum Axis: Hashable {
      case extent(Int)
      /// Any number, by its name, if it has one.
      case open(String)
    }

    var name = ""
    /// What it is besides a tensor: `a sequence`.
    var otherType: String?
    var elementType = 0
    /// Nil where the file does not say.
    var axes: [Axis]?
  }

  var producer = ""
  var producerVersion = ""
  /// Of the standard set of operators.
  var operatorSet = 0
  /// The sets that others wrote.
  var otherSets: [String] = []
  var metadata: [String: String] = [:]
  var graphName = ""
  var nodes: [ONNXNode] = []
  var tensors: [String: ONNXTensor] = [:]
  var inputs: [Port] = []
  var outputs: [Port] = []
  /// What it has that is no plain graph, in words.
  var oddities: [String] = []
}

/// An operator of a graph.
struct ONNXNode {
  var type = ""
  /// Empty for the standard set.
  var domain = ""
  var name = ""
  var inputs: [String] = []
  var outputs: [String] = []
  var attributes: [String: ONNXAttribute] = [:]

  /// `Conv 'layer1/conv'`.
  var words: String {
    let own = name.isEmpty ? outputs.first ?? "" : name
    return "\(domain.isEmpty ? "" : domain + ".")\(type) '\(own.prefix(80))'"
  }
}

/// A named setting of an operator.
enum ONNXAttribute {
  case number(Float)
  case integer(Int)
  case text(String)
  case numbers([Float])
  case integers([Int])
  case tensor(ONNXTensor)
  /// Anything else, in words: `a graph`.
  case other(String)
}

/// Numbers of a model.
struct ONNXTensor: Sendable {
  /// Where they are.
  enum Place: Hashable, Sendable {
    /// Bytes of the file, as they are used.
    case bytes(Range<Int>)
    /// The fields of a message, one after the other; how many numbers they have.
    case fields(UInt64, count: Int)
    /// Another file, by its name.
    case external(file: String, offset: Int, length: Int?)
    case nowhere
  }

  var name = ""
  var dimensions: [Int] = []
  /// ONNX's number for the type.
  var elementType = 0
  var place = Place.nowhere
  /// The message.
  var message = 0..<0

  /// How many numbers there are; nil where they cannot be counted.
  var elementCount: Int? {
    dimensions.reduce(1 as Int?) { product, extent in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: extent), extent >= 0, !overflow
      else { return nil }
      return next
    }
  }
}

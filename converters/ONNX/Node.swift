import Encoding

/// One step of an ONNX graph: an operator of the standard set, what it reads and the one value it gives.
struct Node {
  /// `Conv`.
  var type: String
  /// Names of values; an empty one stands for an input that may be left out.
  var inputs: [String]
  var output: String
  var attributes: [Attribute] = []

  /// A named setting of an operator.
  struct Attribute {
    enum Setting {
      case integer(Int)
      case integers([Int])
      case number(Double)
      case text(String)
    }

    var name: String
    var setting: Setting

    init(_ name: String, _ setting: Setting) { (self.name, self.setting) = (name, setting) }
  }
}

extension Node {
  /// The message `NodeProto`.
  var message: ProtocolBuffer {
    ProtocolBuffer { node in
      for input in inputs { node.add(1, input) }
      node.add(2, output)
      node.add(3, output)
      node.add(4, type)
      for attribute in attributes { node.add(5) { attribute.write(to: &$0) } }
    }
  }
}

extension Node.Attribute {
  /// The fields of the message `AttributeProto`, the last of which is the type.
  fileprivate func write(to message: inout ProtocolBuffer) {
    message.add(1, name)
    switch setting {
    case .number(let number):
      message.add(2, Float(number))
      message.add(20, 1)
    case .integer(let integer):
      message.add(3, integer)
      message.add(20, 2)
    case .text(let text):
      message.add(4, text)
      message.add(20, 3)
    case .integers(let integers):
      for integer in integers { message.add(8, integer) }
      message.add(20, 7)
    }
  }
}

import Catalog
import Files
import Foundation
import ONNX
import Tensors
import TestSupport

/// A model of a few layers, written and read back.
struct SmallModel {
  let message: MessageReader
  let folder: URL

  /// Writes `layers` behind an input of `shape`; every parameter counts its elements up from 0.
  init(
    _ layers: [Layer], shape: TensorShape, ending: ONNXModel.Ending = .plain, isChannelsFirst: Bool = false,
    preprocessing: Preprocessing? = nil, batch: Int? = nil, weights: String? = nil, in folder: URL
  ) throws {
    let input = Layer(name: "input", operation: InputLayer(channels: shape[2]), inputs: [])
    let graph = LayerGraph(layers: [input] + layers)
    let parameters = try graph.parameters(height: shape[0], width: shape[1])
    let tensors = Dictionary(
      uniqueKeysWithValues: parameters.map { parameter in
        let numbers = (0..<parameter.shape.elementCount).map { Float($0) }
        return (parameter.name, TensorView(Tensor(shape: parameter.shape, scalars: numbers)))
      })
    var model = try ONNXModel(
      graph, name: "small",
      input: ONNXModel.Input(
        shape: shape, isChannelsFirst: isChannelsFirst, preprocessing: preprocessing, batch: batch),
      ending: ending, outputName: "features", parameters: { tensors[$0] ?? nil })
    model.metadata = [("network", "small")]
    let path = folder.appending(path: "small.onnx").path
    try ONNXWriter(model, producer: ("tests", "1"), parameters: { tensors[$0] ?? nil })
      .write(to: path, weights: weights.map { folder.appending(path: $0).path }, progress: { _ in })
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    guard let message = MessageReader(bytes[...]) else { throw CocoaError(.fileReadCorruptFile) }
    (self.message, self.folder) = (message, folder)
  }

  var graph: MessageReader { message.messages(7)[0] }
  var nodes: [MessageReader] { graph.messages(1) }
  /// `Conv(images, conv/kernel) -> conv`.
  var lines: [String] {
    nodes.map { node in
      let settings = node.messages(5).map { Self.setting($0) }.joined(separator: " ")
      let call = "\(node.texts(4)[0])(\(node.texts(1).joined(separator: ", "))) -> \(node.texts(2)[0])"
      return settings.isEmpty ? call : "\(call) \(settings)"
    }
  }

  private static func setting(_ attribute: MessageReader) -> String {
    let name = attribute.texts(1)[0]
    switch attribute.integers(20)[0] {
    case 1: return "\(name)=\(attribute.fixed(2)[0])"
    case 2: return "\(name)=\(attribute.integers(3)[0])"
    case 3: return "\(name)=\(attribute.texts(4)[0])"
    default: return "\(name)=\(attribute.integers(8))"
    }
  }

  /// An initializer's extents and elements.
  func tensor(_ name: String) -> (extents: [Int], floats: [Float], integers: [Int])? {
    guard let tensor = graph.messages(5).first(where: { $0.texts(8) == [name] }) else { return nil }
    let bytes = tensor.bytes(9).first.map(Array.init) ?? []
    func numbers(_ size: Int) -> [UInt64] {
      stride(from: 0, to: bytes.count, by: size).map { start in
        bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
    }
    let isInteger = tensor.integers(2) == [7]
    return (
      tensor.integers(1), isInteger ? [] : numbers(4).map { Float(bitPattern: UInt32($0)) },
      isInteger ? numbers(8).map { Int(Int64(bitPattern: $0)) } : []
    )
  }

  /// The extents of the input (field 11) or the output (12): numbers, or the name of one.
  func extents(_ field: Int) -> [String] {
    let tensor = graph.messages(field)[0].messages(2)[0].messages(1)[0]
    return tensor.messages(2)[0].messages(1).map { axis in
      axis.integers(1).first.map(String.init) ?? axis.texts(2)[0]
    }
  }
}

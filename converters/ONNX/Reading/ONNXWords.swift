import Encoding
import Foundation
import Tensors

/// What an ONNX file says of itself, in words, and what this package's own exports say besides.
struct ONNXWords {
  private let file: ONNXFile

  init(_ file: ONNXFile) { self.file = file }

  /// Whether this package wrote it.
  private var isOurs: Bool { file.producer == "model-zoo" }

  /// The program that wrote it.
  var writer: String {
    let name = file.producer.isEmpty ? "an unnamed program" : file.producer
    return file.producerVersion.isEmpty ? name : "\(name) \(file.producerVersion)"
  }

  /// `an ONNX model of pytorch 2.15, operators of version 17: Conv 53, Relu 49`.
  var sentence: String { "an ONNX model of \(writer), \(operators)" }

  /// The version of the operators, and how many there are of each, the most frequent first.
  var operators: String {
    var counts: [String: Int] = [:]
    for node in file.nodes {
      counts[(node.domain.isEmpty ? "" : node.domain + ".") + node.type, default: 0] += 1
    }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = order.prefix(16).map { "\($0.key.prefix(40)) \($0.value)" }.joined(separator: ", ")
    let rest = order.count > 16 ? " and \(order.count - 16) other kinds" : ""
    return "its \(file.nodes.count) operators are of version \(file.operatorSet): \(shown)\(rest)"
  }

  /// What goes in and what comes out.
  var ports: String {
    let inputs = file.inputs.filter { file.tensors[$0.name] == nil }
    return "it reads \(Self.words(inputs)) and gives \(Self.words(file.outputs))"
  }

  private static func words(_ ports: [ONNXFile.Port]) -> String {
    ports.prefix(4).map { port in
      let axes = port.axes.map { axes in
        "("
          + axes.map { axis in
            switch axis {
            case .extent(let count): "\(count)"
            case .open(let name): name.isEmpty ? "?" : String(name.prefix(20))
            }
          }.joined(separator: ", ") + ")"
      }
      return ["'\(port.name.prefix(40))'", axes].compactMap(\.self).joined(separator: " ")
    }.joined(separator: ", ")
  }

  /// What the network is called.
  var name: String {
    if isOurs, let name = file.metadata["network"], !name.isEmpty { return name }
    let generic = ["main_graph", "torch_jit", "torch-jit-export", "graph", "tf2onnx", "onnx", ""]
    return generic.contains(file.graphName) ? "onnx_model" : file.graphName
  }

  /// The names of the classes, where the model has them.
  var labels: [String]? {
    guard isOurs, let labels = Self.read([String].self, file.metadata["labels"]) else { return nil }
    return labels.isEmpty ? nil : labels
  }

  /// How images are resized.
  var interpolation: Interpolation? {
    isOurs ? file.metadata["interpolation"].flatMap(Interpolation.init) : nil
  }

  /// What pixels went through before the model reads them, where it says so and does not do it itself.
  var preprocessing: Preprocessing? {
    isOurs && file.metadata["input"] == "preprocessed pixels" ? recorded : nil
  }

  /// The preprocessing that the graph does, with the name under which it was exported.
  func labelled(_ preprocessing: Preprocessing) -> Preprocessing {
    guard isOurs, let recorded else { return preprocessing }
    var copy = preprocessing
    copy.label = recorded.label
    return copy == recorded ? copy : preprocessing
  }

  private var recorded: Preprocessing? {
    guard let record = Self.read(Record.self, file.metadata["preprocessing"]),
      let order = Preprocessing.ChannelOrder(rawValue: record.channels),
      record.mean.count == record.deviation.count,
      record.divisor > 0, record.deviation.allSatisfy({ $0 > 0 })
    else { return nil }
    var recorded = Preprocessing(
      label: record.mode, channelOrder: order, divisor: record.divisor, mean: record.mean,
      deviation: record.deviation)
    recorded.sample = record.sample ?? .none
    return recorded
  }

  /// A preprocessing as an export writes it.
  private struct Record: Decodable {
    var mode: String
    var channels: String
    var divisor: Float
    var mean: [Float]
    var deviation: [Float]
    var sample: Preprocessing.SampleStatistics?
  }

  private static func read<Value: Decodable>(_: Value.Type, _ text: String?) -> Value? {
    guard let text, JSONBudget.problem(with: text) == nil else { return nil }
    return try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}

import Catalog
import Encoding
import Foundation
public import Tensors

/// A head's JSON: what an archive keeps beside the parameters. Its layers are written as those of a catalogue entry;
/// what only training knows of them stands beside them.
///
/// ```json
/// {"version": 2, "input_shape": [2048], "layers": [{"name": "dense", "op": "dense", "input": "features", "units": 4, "bias": true, "activation": "softmax"}]}
/// ```
struct HeadDocument {
  var inputShape: [Int]
  var layers: [HeadLayer]
  /// What the head was trained with; nil for what suits its last layer.
  var loss: Loss?

  /// The shape of one sample's features.
  func validShape() throws(TrainingError) -> TensorShape {
    guard let shape = TensorShape(validating: inputShape) else {
      throw .malformedHead(reason: "expected an input shape, found \(inputShape)")
    }
    return shape
  }

  /// The version that is written. 1, which release 0.1.0 wrote, is read too; newer ones are refused.
  static let currentVersion = 2
  /// What the first layer reads.
  static let source = "features"
}

extension HeadModel {
  /// The head and the shape it reads as JSON; equal heads give equal text. The parameters are not in it.
  public var json: String {
    get throws {
      var members = try head.members(inputShape: inputShape)
      if let loss = unusualLoss { members.append("\"loss\": " + (try HeadDocument.text(loss))) }
      return "{\(members.joined(separator: ", "))}"
    }
  }

  private var unusualLoss: Loss? { loss == (try? Loss.suited(to: head)) ? nil : loss }

  /// Builds the head that ``json`` describes, as this release or an earlier one wrote it.
  ///
  /// - Parameters:
  ///   - json: the text.
  ///   - parameter: the tensor of a name such as `head/dense/kernel`, or nil.
  /// - Throws: ``TrainingError`` when the JSON is not a head's or a tensor is missing or has another shape;
  ///   whatever `parameter` throws.
  public init(json: String, parameter: (String) throws -> Tensor?) throws {
    let document = try HeadDocument(json)
    try self.init(
      Head(layers: document.layers), inputShape: document.validShape(), parameter: parameter)
    try document.loss?.check(head, outputs: outputCount)
    loss = document.loss
  }

  /// Goes through what building and planning the head that ``json`` describes takes but for the numbers of its parameters.
  ///
  /// - Parameters:
  ///   - json: the text.
  ///   - shape: the shape of the tensor of a name such as `head/dense/kernel`, or nil.
  /// - Returns: the shape of the features it reads, and how many outputs it has.
  /// - Throws: ``TrainingError`` for what ``init(json:parameter:)`` and predicting with the head would throw.
  package static func check(
    json: String, shape: (String) -> TensorShape?
  ) throws(TrainingError) -> (inputShape: TensorShape, outputCount: Int) {
    let document = try HeadDocument(json)
    let (head, inputShape) = (Head(layers: document.layers), try document.validShape())
    let program = try HeadProgram(head, inputShape: inputShape)
    try program.check { shape($0) }
    try document.loss?.check(head, outputs: program.outputWidth)
    try HeadGraph(head, reading: inputShape).check(inputShape)
    return (inputShape, program.outputWidth)
  }
}

extension Head {
  /// The head on features of `inputShape` as JSON. The parameters are not in it.
  package func json(inputShape: TensorShape) throws -> String {
    "{\(try members(inputShape: inputShape).joined(separator: ", "))}"
  }

  fileprivate func members(inputShape: TensorShape) throws -> [String] {
    let lines = graphLayers(reading: HeadDocument.source).map { $0.line() }
    var members = [
      "\"version\": \(HeadDocument.currentVersion)", "\"input_shape\": \(inputShape.dimensions)",
      "\"layers\": [\(lines.joined(separator: ", "))]",
    ]
    let training = zip(layerNames, layers.map(\.training)).filter { $0.1 != TrainingAttributes() }
    if !training.isEmpty {
      members.append("\"training\": " + (try HeadDocument.text(Dictionary(uniqueKeysWithValues: training))))
    }
    return members
  }
}

extension HeadDocument: Decodable {
  fileprivate static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  fileprivate init(_ json: String) throws(TrainingError) {
    if let reason = JSONBudget.problem(with: json) { throw .malformedHead(reason: reason) }
    do {
      self = try JSONDecoder().decode(HeadDocument.self, from: Data(json.utf8))
    } catch let error as TrainingError {
      throw error
    } catch let error as DecodingError {
      throw .malformedHead(reason: DecodingProblem(error, in: json).sentence)
    } catch {
      throw .malformedHead(reason: "expected version, input_shape and layers, found \(error)")
    }
  }

  private enum Key: String, CodingKey {
    case version, layers, training, loss
    case inputShape = "input_shape"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let version = try values.decode(Int.self, forKey: .version)
    inputShape = try values.decode([Int].self, forKey: .inputShape)
    loss = try values.decodeIfPresent(Loss.self, forKey: .loss)
    switch version {
    case 1: layers = try values.decode([LayerOfVersion1].self, forKey: .layers).map { try $0.headLayer() }
    case Self.currentVersion:
      let lines = try values.decode([Layer].self, forKey: .layers, configuration: LayerDefaults())
      let training = try values.decodeIfPresent([String: TrainingAttributes].self, forKey: .training) ?? [:]
      layers = lines.map { HeadLayer($0.operation, training: training[$0.name] ?? TrainingAttributes()) }
      try Self.check(lines, Head(layers: layers), training)
    default:
      throw TrainingError.malformedHead(
        reason: "expected version 1 to \(Self.currentVersion), found \(version); use a newer release")
    }
  }

  /// Holds lines to a head's names and wiring: one layer after the other, each named as Keras would.
  private static func check(
    _ lines: [Layer], _ head: Head, _ training: [String: TrainingAttributes]
  ) throws(TrainingError) {
    for (found, expected) in zip(lines, head.graphLayers(reading: source)) where found != expected {
      throw .malformedHead(
        reason: "expected a layer \(expected.name) that reads \(expected.inputs.joined(separator: ", ")), "
          + "found \(found.name) that reads \(found.inputs.joined(separator: ", "))")
    }
    for name in training.keys.sorted() where !head.layerNames.contains(name) {
      throw .malformedHead(reason: "expected training attributes of a layer, found those of '\(name)'")
    }
  }
}

extension TrainingAttributes: Codable {
  private enum Key: String, CodingKey { case initializers, regularizers, momentum, unapplied }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let initializers = try values.decodeIfPresent([String: Initializer].self, forKey: .initializers) ?? [:]
    let regularizers = try values.decodeIfPresent([String: Regularizer].self, forKey: .regularizers) ?? [:]
    self.init()
    for (role, initializer) in initializers { set(initializer, of: role) }
    for (role, regularizer) in regularizers { set(regularizer, of: role) }
    momentum = try values.decodeIfPresent(Double.self, forKey: .momentum) ?? Self.usualMomentum
    unapplied = try values.decodeIfPresent([String].self, forKey: .unapplied) ?? []
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    if !initializers.isEmpty { try values.encode(initializers, forKey: .initializers) }
    if !regularizers.isEmpty { try values.encode(regularizers, forKey: .regularizers) }
    if momentum != Self.usualMomentum { try values.encode(momentum, forKey: .momentum) }
    if !unapplied.isEmpty { try values.encode(unapplied, forKey: .unapplied) }
  }
}

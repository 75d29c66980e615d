import Foundation
public import Tensors

/// A head's JSON: what an archive keeps beside the parameters.
///
/// ```json
/// {"input_shape":[2048],"layers":[{"activation":"softmax","kind":"dense","units":4,"use_bias":true}],"version":1}
/// ```
struct HeadDocument: Codable {
  var version: Int
  var inputShape: [Int]
  var layers: [Layer]
  /// What the head was trained with; nil for what suits its last layer.
  var loss: LossRecord?

  /// Newer documents are refused.
  static let currentVersion = 1

  enum CodingKeys: String, CodingKey {
    case version
    case inputShape = "input_shape"
    case layers, loss
  }

  struct LossRecord: Codable {
    var kind: Loss.Kind
    var fromLogits: Bool
    var labelSmoothing: Double

    enum CodingKeys: String, CodingKey {
      case kind
      case fromLogits = "from_logits"
      case labelSmoothing = "label_smoothing"
    }
  }

  struct Layer: Codable {
    var kind: String
    var units: Int?
    var activation: String?
    var useBias: Bool?
    var rate: Double?
    var kernelInitializer: Initializer?
    var biasInitializer: Initializer?
    var l1: Double?
    var l2: Double?
    var biasL1: Double?
    var biasL2: Double?
    var momentum: Double?
    var epsilon: Double?
    var center: Bool?
    var scale: Bool?

    enum CodingKeys: String, CodingKey {
      case kind, units, activation, rate, l1, l2, momentum, epsilon, center, scale
      case useBias = "use_bias"
      case kernelInitializer = "kernel_initializer"
      case biasInitializer = "bias_initializer"
      case biasL1 = "bias_l1"
      case biasL2 = "bias_l2"
    }
  }
}

extension HeadModel {
  /// The head and the shape it reads as JSON; equal heads give equal text. The parameters are not in it.
  public var json: String {
    get throws {
      let document = HeadDocument(
        version: HeadDocument.currentVersion, inputShape: inputShape.dimensions,
        layers: head.layers.map(HeadDocument.Layer.init), loss: lossRecord)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
  }

  private var lossRecord: HeadDocument.LossRecord? {
    guard let loss, loss != (try? Loss.suited(to: head)) else { return nil }
    return .init(kind: loss.kind, fromLogits: loss.fromLogits, labelSmoothing: loss.labelSmoothing)
  }

  /// Builds the head that ``json`` describes.
  ///
  /// - Parameters:
  ///   - json: the text.
  ///   - parameter: the tensor of a name such as `head/dense/kernel`, or nil.
  /// - Throws: ``TrainingError`` when the JSON is not a head's or a tensor is missing or has another shape;
  ///   whatever `parameter` throws.
  public init(json: String, parameter: (String) throws -> Tensor?) throws {
    let (head, inputShape, loss) = try HeadDocument.read(json)
    try self.init(head, inputShape: inputShape, parameter: parameter)
    try loss?.check(head, outputs: outputCount)
    self.loss = loss
  }
}

extension HeadDocument {
  fileprivate static func read(_ json: String) throws(TrainingError) -> (Head, TensorShape, Loss?) {
    let document: HeadDocument
    do {
      document = try JSONDecoder().decode(HeadDocument.self, from: Data(json.utf8))
    } catch {
      throw .malformedHead(reason: "expected version, input_shape and layers, found \(error)")
    }
    guard document.version == currentVersion else {
      throw .malformedHead(
        reason: "expected version \(currentVersion), found \(document.version); use a newer release")
    }
    guard let shape = TensorShape(validating: document.inputShape) else {
      throw .malformedHead(reason: "expected an input shape, found \(document.inputShape)")
    }
    var layers: [HeadLayer] = []
    for layer in document.layers { layers.append(try layer.headLayer()) }
    let loss = document.loss.map {
      Loss($0.kind, fromLogits: $0.fromLogits, labelSmoothing: $0.labelSmoothing)
    }
    return (Head(layers: layers), shape, loss)
  }
}

extension HeadDocument.Layer {
  fileprivate init(_ layer: HeadLayer) {
    kind = layer.kind
    switch layer {
    case .dense(let dense): declare(dense)
    case .batchNormalization(let normalization):
      momentum = normalization.momentum
      epsilon = normalization.epsilon
      center = normalization.center
      scale = normalization.scale
    case .dropout(let dropout): rate = dropout.rate
    case .activation(let function): activation = function.rawValue
    case .flatten, .globalAveragePooling, .globalMaxPooling, .unitNormalization: break
    }
  }

  /// What is as usual is not said.
  private mutating func declare(_ dense: Dense) {
    func unusual(_ price: Double) -> Double? { price == 0 ? nil : price }
    units = dense.units
    activation = dense.activation.rawValue
    useBias = dense.useBias
    kernelInitializer = dense.kernelInitializer == .glorotUniform ? nil : dense.kernelInitializer
    biasInitializer = dense.biasInitializer == .zeros ? nil : dense.biasInitializer
    l1 = unusual(dense.kernelRegularizer.l1)
    l2 = unusual(dense.kernelRegularizer.l2)
    biasL1 = unusual(dense.biasRegularizer.l1)
    biasL2 = unusual(dense.biasRegularizer.l2)
  }

  fileprivate func headLayer() throws(TrainingError) -> HeadLayer {
    switch kind {
    case "dense":
      return .dense(
        Dense(
          try required(units, "units"), activation: try function(),
          useBias: try required(useBias, "use_bias"), kernelInitializer: kernelInitializer ?? .glorotUniform,
          biasInitializer: biasInitializer ?? .zeros,
          kernelRegularizer: Regularizer(l1: l1 ?? 0, l2: l2 ?? 0),
          biasRegularizer: Regularizer(l1: biasL1 ?? 0, l2: biasL2 ?? 0)))
    case "batch_normalization":
      return .batchNormalization(
        BatchNormalization(
          momentum: try required(momentum, "momentum"), epsilon: try required(epsilon, "epsilon"),
          center: try required(center, "center"), scale: try required(scale, "scale")))
    case "dropout": return .dropout(Dropout(try required(rate, "rate")))
    case "flatten": return .flatten
    case "global_average_pooling2d": return .globalAveragePooling
    case "global_max_pooling2d": return .globalMaxPooling
    case "unit_normalization": return .unitNormalization
    case "activation": return .activation(try function())
    default: throw .malformedHead(reason: "expected a kind of layer this version knows, found '\(kind)'")
    }
  }

  private func required<Value>(_ value: Value?, _ name: String) throws(TrainingError) -> Value {
    guard let value else {
      throw .malformedHead(reason: "expected '\(name)' in the \(kind) layer, found none")
    }
    return value
  }

  private func function() throws(TrainingError) -> ActivationFunction {
    let name = try required(activation, "activation")
    guard let function = ActivationFunction(rawValue: name) else {
      throw .malformedHead(reason: "expected an activation this version knows, found '\(name)'")
    }
    return function
  }
}

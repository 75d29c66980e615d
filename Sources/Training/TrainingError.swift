import Encoding
public import Errors
public import Tensors

/// Why a head cannot be built, trained, evaluated or read.
public enum TrainingError: ZooError, Hashable {
  /// A syntax error in a head's text at `position` (characters from 0).
  case syntax(head: String, position: Int, expected: String, found: String)
  /// A head's text names a layer, an activation or an option that does not exist.
  case unknownName(head: String, position: Int, kind: String, found: String, nearest: String?)
  /// A head's text has a number with a decimal comma, which makes two numbers of it.
  case decimalComma(head: String, position: Int, written: String, meant: String)
  /// A head's text or JSON leaves out or repeats something a layer needs.
  case option(place: String, expected: String, found: String)
  /// A setting of a layer is out of range: no units, a rate outside [0, 1).
  case layer(name: String, expected: String, found: String)
  /// A layer cannot take the output of the layer before it as input.
  case layerInput(name: String, expected: String, found: TensorShape, advice: String)
  /// A layer's operation has no gradient, so it cannot be part of a head.
  case noGradient(layer: String, operation: String)
  /// Layers of a backbone, as `resizing (Resizing)`, through which a gradient would have to pass, and that have none; never empty.
  case noGradientBehind(layers: [String])
  /// The last layer's output is not one row of numbers per sample.
  case headOutput(expected: String, found: String, advice: String)
  /// The loss and the head's output do not fit together.
  case loss(name: String, expected: String, found: String, advice: String)
  /// Two counts that must agree do not.
  case count(place: String, expected: Int, found: Int)
  /// Features whose shape is not the head's input shape.
  case features(expected: TensorShape, found: TensorShape)
  /// A label the head has no output for.
  case label(index: Int, expected: String, found: String)
  /// A parameter is missing.
  case missingParameter(name: String)
  /// A parameter has another shape than the head declares.
  case parameterShape(name: String, expected: TensorShape, found: TensorShape)
  /// A setting of the training is out of range: epochs, batch size, learning rate.
  case setting(name: String, expected: String, found: String)
  /// JSON that does not describe a head.
  case malformedHead(reason: String)
  /// JSON that does not describe a history.
  case malformedHistory(reason: String)
  /// A checkpoint of a training with other settings or other data; all differences, never empty.
  case otherSettings([SettingDifference])
  /// A checkpoint of a training that has gone further than requested, or had other callbacks.
  case resumption(place: String, expected: String, found: String)
  /// A checkpoint that cannot be resumed from.
  case malformedCheckpoint(reason: String)
  /// Training the head would take more memory than this process can have.
  case notEnoughMemory(neededBytes: Int, availableBytes: Int)
  /// A batch's values and gradients would take more memory than this process can have; `fitting` images would find room.
  case batchTooLarge(images: Int, fitting: Int, neededBytes: Int, availableBytes: Int)
  /// Features that were put on the disk for training and cannot be read back.
  case lostFeatures(reason: String)
  /// The loss is infinite or not a number.
  case notFinite(epoch: Int, step: Int, loss: Double, learningRate: Double)
  /// What a model says of an image is infinite or not a number.
  case answersNotFinite(found: Float)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .syntax, .unknownName, .decimalComma, .option, .malformedHead, .malformedHistory,
      .malformedCheckpoint:
      .malformed
    case .missingParameter: .missing
    case .notEnoughMemory, .batchTooLarge, .noGradient: .unsupported
    case .lostFeatures: .missing
    default: .mismatch
    }
  }

  /// The error in one sentence: place, what is wrong, what was expected and found, what to do.
  public var description: String {
    switch self {
    case .syntax(let head, let position, let expected, let found):
      "head, position \(position + 1): expected \(expected), found \(found)\(Self.marker(head, position))"
    case .unknownName(let head, let position, let kind, let found, let nearest):
      "head, position \(position + 1): no \(kind) is called '\(found)'"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "") + Self.marker(head, position)
    case .decimalComma(let head, let position, let written, let meant):
      "head, position \(position + 1): '\(written)' is two numbers, not \(meant); "
        + "write the decimal point: \(meant)\(Self.marker(head, position))"
    case .headOutput(let expected, let found, let advice):
      "head: expected an output that is \(expected), found \(found); \(advice)"
    case .layerInput(let name, let expected, let found, let advice):
      "layer \(name): expected \(expected) as input, found \(found); \(advice)"
    case .loss(let name, let expected, let found, let advice):
      "loss \(name): expected \(expected), found \(found); \(advice)"
    case .notFinite(let epoch, let step, let loss, let learningRate):
      "epoch \(epoch), step \(step): the loss is \(loss) at learning rate \(Float(learningRate)); "
        + "lower the learning rate, and check that the features are finite and preprocessed as the weights expect"
    case .answersNotFinite(let found):
      "scores: expected a finite number for every class, found \(found); the model's weights are damaged, or its training "
        + "diverged: train it again with a lower learning rate"
    default: plainDescription
    }
  }

  private var plainDescription: String {
    switch self {
    case .option(let place, let expected, let found): "\(place): expected \(expected), found \(found)"
    case .noGradient(let layer, let operation):
      "layer \(layer): \(operation) cannot be trained in a head yet; expected one of "
        + DifferentiableOperations.types.map { $0.kerasClasses[0] }.joined(separator: ", ")
    case .layer(let name, let expected, let found): "layer \(name): expected \(expected), found \(found)"
    case .count(let place, let expected, let found): "\(place): expected \(expected), found \(found)"
    case .features(let expected, let found):
      "features: expected \(expected) for every sample, found \(found); "
        + "use the backbone, layer and pooling that the head was built for"
    case .label(let index, let expected, let found):
      "label \(index): expected \(expected), found \(found); check the classes and the head's last layer"
    case .missingParameter(let name): "parameter \(name): expected a tensor, found none"
    case .parameterShape(let name, let expected, let found):
      "parameter \(name): expected the shape \(expected), found \(found)"
    case .setting(let name, let expected, let found): "\(name): expected \(expected), found \(found)"
    case .notEnoughMemory(let needed, let available):
      "head: its parameters, their gradients and an optimizer's moments would take \(memoryNeed(needed)); expected at most "
        + "the \(memoryRoom(available)) there are; give its layers fewer units"
    case .batchTooLarge(let images, let fitting, let needed, let available):
      "a batch of \(images): its values and gradients would take \(memoryNeed(needed)); expected at most the "
        + "\(memoryRoom(available)) there is room for; " + Self.advice(fitting: fitting)
    case .noGradientBehind(let layers):
      "a gradient would have to pass through \(layers.joined(separator: ", ")), and there is none of that kind of layer yet; "
        + "train layers behind \(layers.count == 1 ? "it" : "the last of them") alone"
    case .lostFeatures(let reason): "features: cannot be read back from the disk: \(reason); train again"
    case .malformedHead(let reason): "head JSON: \(reason)"
    case .malformedHistory(let reason): "history JSON: \(reason)"
    case .malformedCheckpoint(let reason): "checkpoint: \(reason)"
    case .otherSettings(let differences):
      differences.map(\.words)
        .joined(separator: "; ") + Self.goingOn
    case .resumption(let place, let expected, let found):
      "\(place): the checkpoint has \(expected), found \(found)" + Self.goingOn
    default: "head"
    }
  }

  private static func advice(fitting: Int) -> String {
    fitting > 0
      ? "train in batches of \(fitting) or fewer, on smaller images, or fewer layers of the backbone"
      : "not even one image fits; train fewer layers, or on smaller images"
  }

  private static let goingOn = "; resume with the settings of the checkpoint, or start a new training"

  /// The head's text with a caret below the place.
  private static func marker(_ head: String, _ position: Int) -> String {
    "\n  \(head)\n  \(String(repeating: " ", count: position))^"
  }
}

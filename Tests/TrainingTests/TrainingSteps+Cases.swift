import Tensors
import Testing
import Training

/// A loss of the fixture: what is declared for it, and what its labels are.
struct KerasLoss {
  enum LabelKind { case oneHot, binary, multilabel, values }

  var layer: String
  var loss: Loss
  var labels: LabelKind

  init(_ layer: String, _ loss: Loss, _ labels: LabelKind) {
    (self.layer, self.loss, self.labels) = (layer, loss, labels)
  }
}

/// The fixture's names in our words.
extension TrainingStepsTests {
  static let losses: [String: KerasLoss] = [
    "categorical_crossentropy": KerasLoss("dense(3, softmax)", .categoricalCrossEntropy, .oneHot),
    "sparse_categorical_crossentropy":
      KerasLoss("dense(3, softmax)", .sparseCategoricalCrossEntropy, .oneHot),
    "binary_crossentropy": KerasLoss("dense(1, sigmoid)", .binaryCrossEntropy, .binary),
    "categorical_crossentropy_logits":
      KerasLoss("dense(3)", Loss(.categoricalCrossEntropy, fromLogits: true), .oneHot),
    "binary_crossentropy_logits": KerasLoss("dense(1)", Loss(.binaryCrossEntropy, fromLogits: true), .binary),
    "categorical_crossentropy_smoothed":
      KerasLoss("dense(3, softmax)", Loss(.categoricalCrossEntropy, labelSmoothing: 0.1), .oneHot),
    "categorical_crossentropy_logits_smoothed":
      KerasLoss("dense(3)", Loss(.categoricalCrossEntropy, fromLogits: true, labelSmoothing: 0.2), .oneHot),
    "binary_crossentropy_smoothed":
      KerasLoss("dense(1, sigmoid)", Loss(.binaryCrossEntropy, labelSmoothing: 0.1), .binary),
    "binary_crossentropy_logits_smoothed":
      KerasLoss("dense(1)", Loss(.binaryCrossEntropy, fromLogits: true, labelSmoothing: 0.2), .binary),
    "binary_crossentropy_multilabel": KerasLoss("dense(3, sigmoid)", .binaryCrossEntropy, .multilabel),
    "hinge": KerasLoss("dense(1)", .hinge, .binary),
    "hinge_tanh": KerasLoss("dense(1, tanh)", .hinge, .binary),
    "hinge_one_hot": KerasLoss("dense(3)", .hinge, .oneHot),
    "squared_hinge": KerasLoss("dense(1)", .squaredHinge, .binary),
    "squared_hinge_one_hot": KerasLoss("dense(3)", .squaredHinge, .oneHot),
    "categorical_hinge": KerasLoss("dense(3)", .categoricalHinge, .oneHot),
    "categorical_hinge_softmax": KerasLoss("dense(3, softmax)", .categoricalHinge, .oneHot),
    "mean_squared_error": KerasLoss("dense(1, sigmoid)", .meanSquaredError, .binary),
    "mean_squared_error_softmax": KerasLoss("dense(3, softmax)", .meanSquaredError, .oneHot),
    "mean_squared_error_regression": KerasLoss("dense(2)", .meanSquaredError, .values),
  ]

  static let optimizers: [String: Optimizer] = [
    "sgd": .sgd(learningRate: 0.05),
    "sgd_momentum": .sgd(learningRate: 0.02, momentum: 0.9),
    "sgd_nesterov": .sgd(learningRate: 0.02, momentum: 0.9, nesterov: true),
    "sgd_clipnorm": .sgd(learningRate: 0.05, clipping: .norm(0.2)),
    "sgd_global_clipnorm": .sgd(learningRate: 0.05, momentum: 0.5, clipping: .globalNorm(0.3)),
    "sgd_weight_decay": .sgd(learningRate: 0.05, weightDecay: 0.1),
    "adam": .adam(learningRate: 0.01),
    "adam_amsgrad": .adam(learningRate: 0.01, beta2: 0.9, amsgrad: true),
    "adam_clipvalue": .adam(learningRate: 0.01, clipping: .value(0.05)),
    "adamw": .adamW(learningRate: 0.01, weightDecay: 0.05),
    "adagrad": .adagrad(learningRate: 0.05),
    "rmsprop": .rmsprop(learningRate: 0.01),
    "rmsprop_momentum": .rmsprop(learningRate: 0.002, momentum: 0.9),
    "rmsprop_centered": .rmsprop(learningRate: 0.01, rho: 0.8, momentum: 0.5, centered: true),
  ]

  static let schedules: [String: LearningRate] = [
    "piecewise_constant": .piecewiseConstant(boundaries: [10, 30], values: [0.1, 0.03, 0.01]),
    "exponential_decay": .exponentialDecay(from: 0.1, steps: 20, rate: 0.5),
    "exponential_decay_staircase": .exponentialDecay(from: 0.1, steps: 20, rate: 0.5, staircase: true),
    "inverse_time_decay": .inverseTimeDecay(from: 0.1, steps: 10, rate: 0.7),
    "inverse_time_decay_staircase": .inverseTimeDecay(from: 0.1, steps: 10, rate: 0.7, staircase: true),
    "polynomial_decay": .polynomialDecay(from: 0.1, steps: 40, to: 0.001, power: 2),
    "polynomial_decay_cycle": .polynomialDecay(from: 0.1, steps: 16, to: 0.001, cycles: true),
    "cosine_decay": .cosineDecay(from: 0.1, steps: 40, alpha: 0.1),
    "cosine_decay_warmup":
      .warmup(from: 0.01, to: 0.1, steps: 10, then: .cosineDecay(from: 0.1, steps: 30, alpha: 0.05)),
  ]

  /// The head with the twin's weights; variances lie around 1, not around 0.
  static func model(_ head: Head, inputShape: TensorShape) throws -> HeadModel {
    let declared = try HeadModel(head, inputShape: inputShape).parameters
    return try HeadModel(head, inputShape: inputShape) { name in
      let parts = name.split(separator: "/").map(String.init)
      let shape = try #require(declared.first { $0.name == name }).tensor.shape
      let offset: Float = parts[2] == "moving_variance" ? 1 : 0
      let values = synthetic.values(layer: parts[1], role: parts[2], shape: shape).map { $0 + offset }
      return Tensor(shape: shape, scalars: values)
    }
  }

  static func samples(_ count: Int, _ name: String) -> Tensor {
    let shape: TensorShape = [count, 6]
    return Tensor(
      shape: shape, scalars: synthetic.values(layer: name, role: "data", shape: shape).map { $0 * 6 })
  }

  /// Projections on three fixed directions decide.
  static func labels(_ kind: KerasLoss.LabelKind, _ features: Tensor) -> Labels {
    let directions = synthetic.values(layer: "directions", role: "data", shape: [6, 3])
    let scores = (0..<features.shape[0]).map { sample in
      (0..<3).map { direction in
        (0..<6).reduce(0.0) {
          $0 + Double(features.scalars[sample * 6 + $1]) * Double(directions[$1 * 3 + direction])
        }
      }
    }
    let classes = scores.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 }
    switch kind {
    case .oneHot: return .classes(classes)
    case .binary: return .classes(classes.map { $0 == 0 ? 1 : 0 })
    case .multilabel:
      let targets = scores.flatMap { $0.map { $0 > 0 ? Float(1) : 0 } }
      return .targets(Tensor(shape: [scores.count, 3], scalars: targets))
    case .values:
      let targets = scores.flatMap { $0.prefix(2).map { Float($0 * 0.5) } }
      return .targets(Tensor(shape: [scores.count, 2], scalars: targets))
    }
  }
}

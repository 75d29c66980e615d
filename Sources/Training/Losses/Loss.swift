package import Catalog
import Encoding
import Tensors

/// The loss to minimise, in Keras's formulas: the mean over the batch.
///
/// Where a cross-entropy's head ends in the activation that belongs to it, value and gradient are computed from
/// the numbers before it, as Keras does: nothing saturates and nothing is clipped. The other losses read what
/// the head yields.
public struct Loss: Hashable, Sendable, Codable {
  /// Keras's names.
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    /// Of targets `[N, classes]` and probabilities.
    case categoricalCrossEntropy = "categorical_crossentropy"
    /// Of class indices `[N]` and probabilities.
    case sparseCategoricalCrossEntropy = "sparse_categorical_crossentropy"
    /// Of targets of 0 and 1 and probabilities, mean over the outputs.
    case binaryCrossEntropy = "binary_crossentropy"
    /// Of targets of -1 and 1, mean over the outputs.
    case hinge
    /// The square of the hinge.
    case squaredHinge = "squared_hinge"
    /// Between the right class and the best of the others.
    case categoricalHinge = "categorical_hinge"
    /// The mean of squared differences.
    case meanSquaredError = "mean_squared_error"
  }

  /// Which loss.
  public var kind: Kind
  /// Whether a cross-entropy's head yields logits, that is, ends without softmax or sigmoid.
  public var fromLogits: Bool
  /// How much of a target moves to the other classes of a categorical or binary cross-entropy, in [0, 1)
  /// (Szegedy et al., 2015).
  public var labelSmoothing: Double

  /// Makes a loss.
  public init(_ kind: Kind, fromLogits: Bool = false, labelSmoothing: Double = 0) {
    self.kind = kind
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  /// As options name it: `categorical_crossentropy, label smoothing 0.1`.
  var written: String {
    kind.rawValue + (fromLogits ? ", from logits" : "")
      + (labelSmoothing > 0 ? ", label smoothing \(labelSmoothing)" : "")
  }

  private enum CodingKeys: String, CodingKey {
    case kind
    case fromLogits = "from_logits"
    case labelSmoothing = "label_smoothing"
  }

  /// One class out of several, behind a softmax.
  public static let categoricalCrossEntropy = Loss(.categoricalCrossEntropy)
  /// The same, for labels that are class numbers.
  public static let sparseCategoricalCrossEntropy = Loss(.sparseCategoricalCrossEntropy)
  /// Every output a yes or no of its own, behind a sigmoid.
  public static let binaryCrossEntropy = Loss(.binaryCrossEntropy)
  /// Every output shall be above 1 for yes and below -1 for no: a linear support vector machine.
  public static let hinge = Loss(.hinge)
  /// The squares of what ``hinge`` adds up.
  public static let squaredHinge = Loss(.squaredHinge)
  /// The right class's output shall be 1 above all others (Crammer and Singer, 2001).
  public static let categoricalHinge = Loss(.categoricalHinge)
  /// The mean of the squared differences.
  public static let meanSquaredError = Loss(.meanSquaredError)

  /// The loss called `name`, with or without underscores; `mse` too.
  public init(named name: String, fromLogits: Bool = false, labelSmoothing: Double = 0) throws(TrainingError)
  {
    let wanted = name.withoutUnderscores
    let kind =
      wanted == "mse"
      ? .meanSquaredError : Kind.allCases.first { $0.rawValue.withoutUnderscores == wanted }
    guard let kind else {
      let names = Kind.allCases.map(\.rawValue)
      let nearest = Encoding.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
      throw .setting(
        name: "loss", expected: "one of \(names.joined(separator: ", "))", found: "'\(name)'\(nearest)")
    }
    self.init(kind, fromLogits: fromLogits, labelSmoothing: labelSmoothing)
  }

  /// The loss that belongs to a head's last layer: softmax is one class of several, sigmoid yes or no.
  ///
  /// - Throws: ``TrainingError`` for a head that ends in neither.
  public static func suited(to head: Head) throws(TrainingError) -> Loss {
    switch head.outputActivation {
    case .softmax: return .categoricalCrossEntropy
    case .sigmoid: return .binaryCrossEntropy
    case let other:
      throw .headOutput(
        expected: "that of a softmax or sigmoid, which determine the loss", found: other.kerasName,
        advice: "end with dense(classes, softmax) or dense(1, sigmoid), or name a loss: "
          + "categorical_hinge, hinge, mean_squared_error, or a cross-entropy from logits")
    }
  }
}

extension Head {
  /// Whether its outputs lie between 0 and 1 as those of a softmax or sigmoid do, be they pooled.
  package var givesProbabilities: Bool { layers.map(\.operation).outputActivation.givesProbabilities }

  /// What the head's outputs went through last.
  package var outputActivation: Activation {
    for layer in layers.reversed() {
      switch layer.operation {
      case let dense as Catalog.Dense: return dense.activation
      case is Catalog.Flatten: continue
      case let layer as any ActivationOperation:
        if layer.activation != .linear { return layer.activation }
      default: return .linear
      }
    }
    return .linear
  }
}

extension Loss {
  /// The activation whose inputs the loss reads; nil where it reads the head's outputs.
  var activation: Activation? {
    switch kind {
    case .categoricalCrossEntropy, .sparseCategoricalCrossEntropy: .softmax
    case .binaryCrossEntropy: .sigmoid
    case .hinge, .squaredHinge, .categoricalHinge, .meanSquaredError: nil
    }
  }

  /// Whether the head's last activation is part of the loss.
  var readsLogits: Bool { activation != nil && !fromLogits }

  /// What a single output must exceed to mean yes.
  var threshold: Float {
    switch kind {
    case .hinge, .squaredHinge, .categoricalHinge: 0
    default: fromLogits ? 0 : 0.5
    }
  }

  /// Whether targets are no and yes as -1 and 1.
  var isMargin: Bool { kind == .hinge || kind == .squaredHinge }

  /// Refuses a head whose outputs do not fit this loss.
  func check(_ head: Head, outputs: Int) throws(TrainingError) {
    try checkOptions()
    try checkActivation(head.outputActivation)
    guard outputs > 1 || activation == .sigmoid || isMargin || kind == .meanSquaredError else {
      let softmax = activation == .softmax
      throw .loss(
        name: kind.rawValue, expected: "2 outputs or more",
        found: softmax ? "1 unit, whose softmax is always 1" : "1",
        advice: softmax
          ? "use dense(2, softmax), or dense(1, sigmoid) with binary_crossentropy" : "use dense(2), or hinge")
    }
  }

  private func checkOptions() throws(TrainingError) {
    if fromLogits, activation == nil {
      throw .loss(
        name: kind.rawValue, expected: "outputs of the head", found: "'from logits'",
        advice: "only a cross-entropy can be computed from logits")
    }
    try Settings.check("label smoothing", labelSmoothing, in: 0..<1)
    if labelSmoothing > 0, kind != .categoricalCrossEntropy, kind != .binaryCrossEntropy {
      throw .loss(
        name: kind.rawValue, expected: "no label smoothing", found: "\(labelSmoothing)",
        advice: "use categorical_crossentropy or binary_crossentropy")
    }
  }

  private func checkActivation(_ found: Activation) throws(TrainingError) {
    guard let activation else {
      guard !isMargin || found == .linear || found == .tanh else {
        throw .loss(
          name: kind.rawValue, expected: "a head that ends in linear or tanh", found: found.kerasName,
          advice: "outputs must range from -1 to 1: leave out the last activation")
      }
      return
    }
    guard found == (fromLogits ? .linear : activation) else {
      throw .loss(
        name: kind.rawValue,
        expected: fromLogits ? "a head that ends in logits" : "a head that ends in \(activation.kerasName)",
        found: found.kerasName, advice: advice(for: found, activation))
    }
  }

  private func advice(for found: Activation, _ wanted: Activation) -> String {
    switch found {
    case .softmax: "use categorical_crossentropy, or end with dense(1, sigmoid)"
    case .sigmoid where !fromLogits: "use binary_crossentropy, or end with dense(classes, softmax)"
    case .sigmoid: "leave out 'from logits'"
    case .linear: "end with \(wanted.kerasName), or say that the loss is from logits"
    default: "end with \(wanted.kerasName)"
    }
  }
}

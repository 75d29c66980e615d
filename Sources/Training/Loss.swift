import Foundation
import Tensors

/// What training makes small: cross-entropy in Keras's three forms.
///
/// The mean over the batch. Where the head ends in the activation that belongs to the loss, value and gradient
/// are computed from the numbers before it, as Keras does: nothing saturates and nothing is clipped.
public struct Loss: Hashable, Sendable {
  /// Keras's names.
  public enum Kind: String, Hashable, Sendable, CaseIterable, Codable {
    case categoricalCrossEntropy = "categorical_crossentropy"
    case sparseCategoricalCrossEntropy = "sparse_categorical_crossentropy"
    case binaryCrossEntropy = "binary_crossentropy"
  }

  /// Which cross-entropy.
  public var kind: Kind
  /// Whether the head yields logits, that is, ends without softmax or sigmoid.
  public var fromLogits: Bool

  /// Makes a loss.
  public init(_ kind: Kind, fromLogits: Bool = false) {
    self.kind = kind
    self.fromLogits = fromLogits
  }

  /// One class out of several, behind a softmax.
  public static let categoricalCrossEntropy = Loss(.categoricalCrossEntropy)
  /// The same, for labels that are class numbers.
  public static let sparseCategoricalCrossEntropy = Loss(.sparseCategoricalCrossEntropy)
  /// Every output a yes or no of its own, behind a sigmoid.
  public static let binaryCrossEntropy = Loss(.binaryCrossEntropy)

  /// The loss called `name`, with or without underscores.
  public init(named name: String) throws(TrainingError) {
    let names = Kind.allCases.map(\.rawValue)
    guard
      let kind = Kind.allCases.first(where: { $0.rawValue.withoutUnderscores == name.withoutUnderscores })
    else {
      let nearest = Tensors.nearest(to: name, in: names).map { "; did you mean \($0)?" } ?? ""
      throw .setting(
        name: "loss", expected: "one of \(names.joined(separator: ", "))", found: "'\(name)'\(nearest)")
    }
    self.init(kind)
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
        expected: "behind softmax or sigmoid to choose a loss by", found: other.rawValue,
        advice: "end with dense(classes, softmax) or dense(1, sigmoid), or name a loss from logits")
    }
  }
}

extension Head {
  /// What the head's outputs went through last.
  var outputActivation: ActivationFunction {
    for layer in layers.reversed() {
      switch layer {
      case .dense(let dense): return dense.activation
      case .activation(.linear), .flatten: continue
      case .activation(let function): return function
      default: return .linear
      }
    }
    return .linear
  }
}

extension Loss {
  /// The activation whose inputs the loss reads.
  private var activation: ActivationFunction { kind == .binaryCrossEntropy ? .sigmoid : .softmax }

  /// Refuses a head whose outputs this loss cannot judge.
  func check(_ head: Head, outputs: Int) throws(TrainingError) {
    let found = head.outputActivation
    guard found == (fromLogits ? .linear : activation) else {
      throw .loss(
        name: kind.rawValue,
        expected: fromLogits ? "a head that ends in logits" : "a head that ends in \(activation.rawValue)",
        found: found.rawValue, advice: advice(for: found))
    }
    guard kind == .binaryCrossEntropy || outputs > 1 else {
      throw .loss(
        name: kind.rawValue, expected: "2 outputs or more", found: "1 unit, whose softmax is always 1",
        advice: "use dense(2, softmax), or dense(1, sigmoid) with binary_crossentropy")
    }
  }

  private func advice(for found: ActivationFunction) -> String {
    switch found {
    case .softmax: "use categorical_crossentropy, or end with dense(1, sigmoid)"
    case .sigmoid where !fromLogits: "use binary_crossentropy, or end with dense(classes, softmax)"
    case .sigmoid: "leave out 'from logits'"
    case .linear: "end with \(activation.rawValue), or say that the loss is from logits"
    default: "end with \(activation.rawValue)"
    }
  }

  /// The sum of the losses of all rows, and in `gradient` the gradient of their mean by the logits.
  ///
  /// - Parameters:
  ///   - logits, targets: `[N, width]`.
  ///   - gradient: `[N, width]`, or empty when nobody asks.
  func sum(
    logits: Span<Float>, targets: Span<Float>, width: Int, gradient: inout MutableSpan<Float>
  ) -> Double {
    let scale = Double(width) / Double(max(1, logits.count))
    var sum = 0.0
    for start in stride(from: 0, to: logits.count, by: width) {
      let row = start..<start + width
      sum +=
        kind == .binaryCrossEntropy
        ? Self.binary(logits, targets, row, scale, &gradient)
        : Self.categorical(logits, targets, row, scale, &gradient)
    }
    return sum
  }

  /// `-Σ t log softmax(x)`; gradient `softmax(x) - t`.
  private static func categorical(
    _ logits: Span<Float>, _ targets: Span<Float>, _ row: Range<Int>, _ scale: Double,
    _ gradient: inout MutableSpan<Float>
  ) -> Double {
    let (largest, exponentials) = ActivationFunction.exponentialSum(logits.extracting(row))
    let normalizer = largest + log(exponentials)
    var loss = 0.0
    for index in row {
      let logarithm = Double(logits[index]) - normalizer
      loss -= Double(targets[index]) * logarithm
      guard !gradient.isEmpty else { continue }
      gradient[index] = Float((exp(logarithm) - Double(targets[index])) * scale)
    }
    return loss
  }

  /// The mean of `max(x, 0) - x t + log(1 + exp(-|x|))`; gradient `(sigmoid(x) - t) / width`.
  private static func binary(
    _ logits: Span<Float>, _ targets: Span<Float>, _ row: Range<Int>, _ scale: Double,
    _ gradient: inout MutableSpan<Float>
  ) -> Double {
    let width = Double(row.count)
    var loss = 0.0
    for index in row {
      let (logit, target) = (Double(logits[index]), Double(targets[index]))
      loss += max(logit, 0) - logit * target + log1p(exp(-abs(logit)))
      guard !gradient.isEmpty else { continue }
      gradient[index] = Float((ActivationFunction.logistic(logit) - target) * scale / width)
    }
    return loss / width
  }
}

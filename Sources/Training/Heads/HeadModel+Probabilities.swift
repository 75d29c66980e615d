package import Catalog
import Foundation
public import Tensors

extension HeadModel {
  /// What a single output must exceed to mean yes: one half behind a sigmoid, zero for logits and margins.
  public var threshold: Float {
    (loss ?? (try? Loss.suited(to: head)))?.threshold ?? (head.givesProbabilities ? 0.5 : 0)
  }

  /// The class every row of outputs `[N, outputs]` stands for.
  ///
  /// - Throws: ``TrainingError/count(place:expected:found:)`` for anything but rows of this head's outputs.
  public func predictedClasses(_ outputs: Tensor) throws(TrainingError) -> [Int] {
    try check(outputs)
    let (width, threshold) = (outputCount, threshold)
    let scalars = outputs.scalars
    return stride(from: 0, to: scalars.count, by: width).map { start in
      Accuracy.predictedClass(scalars.span.extracting(start..<start + width), threshold: threshold)
    }
  }

  /// Outputs `[N, outputs]` as numbers in [0, 1] of which the largest marks the predicted class; a single output
  /// is above one half for a yes.
  ///
  /// Probabilities as they are; logits through the softmax or sigmoid that the loss applied to them; the margins
  /// of a hinge loss too, though these are then scores, not calibrated probabilities; the outputs of a mean squared
  /// error cut off at 0 and 1, or as parts of their sum where there are several.
  ///
  /// - Throws: ``TrainingError/count(place:expected:found:)`` for anything but rows of this head's outputs.
  public func probabilities(_ outputs: Tensor) throws(TrainingError) -> Tensor {
    try check(outputs)
    switch probabilityRule {
    case .asTheyAre: return outputs
    case .shares:
      return Tensor(shape: outputs.shape, scalars: Self.parts(outputs.scalars, width: outputCount))
    case .activation(let activation):
      var scalars = outputs.scalars
      var target = scalars.mutableSpan
      activation.apply(outputs.scalars.span, into: &target, width: outputCount, pool: pool)
      return Tensor(shape: outputs.shape, scalars: scalars)
    }
  }

  /// How outputs become numbers in [0, 1].
  package enum ProbabilityRule {
    case asTheyAre
    /// A single one cut off at 0 and 1; several from 0 on, as parts of their sum.
    case shares
    case activation(Activation)
  }

  /// How ``probabilities(_:)`` makes numbers in [0, 1] of the head's outputs.
  package var probabilityRule: ProbabilityRule {
    if head.givesProbabilities { return .asTheyAre }
    let kind = (loss ?? (try? Loss.suited(to: head)))?.kind
    if kind == .meanSquaredError { return .shares }
    return .activation(kind == .binaryCrossEntropy || outputCount == 1 ? .sigmoid : .softmax)
  }

  private func check(_ outputs: Tensor) throws(TrainingError) {
    guard outputs.shape.rank == 2 else {
      throw .count(place: "axes of the outputs", expected: 2, found: outputs.shape.rank)
    }
    guard outputs.shape[1] == outputCount else {
      throw .count(place: "outputs per sample", expected: outputCount, found: outputs.shape[1])
    }
  }

  /// A single output between 0 and 1; several from 0 on, and 1 together.
  private static func parts(_ outputs: [Float], width: Int) -> [Float] {
    guard width > 1 else { return outputs.map { min(max($0, 0), 1) } }
    return stride(from: 0, to: outputs.count, by: width).flatMap { start in
      let row = outputs[start..<start + width]
      let least = min(0, row.min() ?? 0)
      let sum = row.reduce(0) { $0 + $1 - least }
      return row.map { sum > 0 ? ($0 - least) / sum : 1 / Float(width) }
    }
  }
}

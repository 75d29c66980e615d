import Foundation
import Tensors

/// Regularised logistic regression over some of the samples: value and gradient of its objective.
///
/// A point is the kernel for standardised features, `[outputs, width]`, followed by the bias. Features are
/// standardised in the formulas, never in memory.
struct LinearProblem: Sendable {
  private let samples: LinearSamples
  private let rows: [Int]
  private let means: [Double]
  private let deviations: [Double]
  /// `1 / (C N)`
  private let penalty: Double

  init(
    _ samples: LinearSamples, rows: [Int], strength: Double, standardizes: Bool
  ) throws(TrainingError) {
    self.samples = samples
    self.rows = rows
    penalty = 1 / (strength * Double(rows.count))
    if standardizes {
      (means, deviations) = try samples.moments(rows)
    } else {
      means = [Double](repeating: 0, count: samples.width)
      deviations = [Double](repeating: 1, count: samples.width)
    }
  }

  private init(_ other: LinearProblem, penalty: Double) {
    samples = other.samples
    rows = other.rows
    means = other.means
    deviations = other.deviations
    self.penalty = penalty
  }

  /// The same problem with another `C`.
  func with(strength: Double) -> LinearProblem {
    LinearProblem(self, penalty: 1 / (strength * Double(rows.count)))
  }

  /// Where a fit begins: all zero.
  var origin: [Double] { [Double](repeating: 0, count: samples.outputs * (samples.width + 1)) }

  /// The objective at `point`, and its gradient.
  @Sendable func evaluate(_ point: [Double]) throws(TrainingError) -> (value: Double, gradient: [Double]) {
    let (width, outputs) = (samples.width, samples.outputs)
    let (kernel, bias) = folded(point)
    var residuals = try samples.logits(rows, kernel: kernel, bias: bias)
    let scale = 1 / Double(rows.count)
    var value = 0.0
    for (index, row) in rows.enumerated() {
      let range = index * outputs..<(index + 1) * outputs
      value += CrossEntropy.evaluate(&residuals[range], samples.classes[row], scale: scale) * scale
    }
    let slopes = try samples.slopes(rows, residuals: residuals)
    var gradient = origin
    for output in 0..<outputs {
      let sum = stride(from: output, to: residuals.count, by: outputs).reduce(0.0) { $0 + residuals[$1] }
      gradient[outputs * width + output] = sum
      for index in 0..<width {
        let place = output * width + index
        let slope = (slopes[index * outputs + output] - means[index] * sum) / deviations[index]
        gradient[place] = slope + penalty * point[place]
        value += 0.5 * penalty * point[place] * point[place]
      }
    }
    return (value, gradient)
  }

  /// The kernel `[outputs, width]` and the bias that read features as they are.
  private func folded(_ point: [Double]) -> (kernel: [Double], bias: [Double]) {
    let (width, outputs) = (samples.width, samples.outputs)
    var kernel = Array(point.prefix(outputs * width))
    var bias = Array(point.suffix(outputs))
    for output in 0..<outputs {
      for index in 0..<width {
        let weight = kernel[output * width + index] / deviations[index]
        kernel[output * width + index] = weight
        bias[output] -= weight * means[index]
      }
    }
    return (kernel, bias)
  }

  /// A dense layer's kernel `[width, outputs]` and bias.
  func parameters(_ point: [Double]) -> [[Float]] {
    let (width, outputs) = (samples.width, samples.outputs)
    let (kernel, bias) = folded(point)
    let transposed = (0..<width * outputs).map { Float(kernel[$0 % outputs * width + $0 / outputs]) }
    return [transposed, bias.map { Float($0) }]
  }

  /// The sum of the losses of `rows` that were left out of the fit, and how many were classified rightly.
  func evaluate(
    _ rows: [Int], _ point: [Double]
  ) throws(TrainingError) -> (loss: Double, correct: Int) {
    let (kernel, bias) = folded(point)
    var logits = try samples.logits(rows, kernel: kernel, bias: bias)
    var (loss, correct) = (0.0, 0)
    for (index, row) in rows.enumerated() {
      let range = index * samples.outputs..<(index + 1) * samples.outputs
      if CrossEntropy.largest(logits[range]) == samples.classes[row] { correct += 1 }
      loss += CrossEntropy.evaluate(&logits[range], samples.classes[row], scale: 1)
    }
    return (loss, correct)
  }

  /// What the softmax makes of `rows` that were left out of the fit, in their order: the probability of each class.
  func probabilities(_ rows: [Int], _ point: [Double]) throws(TrainingError) -> [[Double]] {
    let (kernel, bias) = folded(point)
    let logits = try samples.logits(rows, kernel: kernel, bias: bias)
    return rows.indices.map { index in
      let row = logits[index * samples.outputs..<(index + 1) * samples.outputs]
      let largest = row.reduce(-Double.infinity, Double.maximum)
      let powers = row.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }
}

/// Cross-entropy of one sample, in double precision: of a softmax over several logits, of a sigmoid over one.
enum CrossEntropy {
  /// The loss; the logits become its gradient times `scale`.
  static func evaluate(_ logits: inout ArraySlice<Double>, _ label: Int, scale: Double) -> Double {
    let first = logits.startIndex
    guard logits.count > 1 else {
      let logit = logits[first]
      logits[first] = (logistic(logit) - Double(label)) * scale
      return max(logit, 0) - logit * Double(label) + log1p(exp(-abs(logit)))
    }
    let largest = logits.reduce(-Double.infinity, Double.maximum)
    let normalizer = largest + log(logits.reduce(0.0) { $0 + exp($1 - largest) })
    let loss = normalizer - logits[first + label]
    for index in logits.indices {
      let target = index == first + label ? 1.0 : 0.0
      logits[index] = (exp(logits[index] - normalizer) - target) * scale
    }
    return loss
  }

  /// The class of the largest logit, the first of equals; behind a single one, whether it is above 0.
  static func largest(_ logits: ArraySlice<Double>) -> Int {
    guard logits.count > 1 else { return (logits.first ?? 0) > 0 ? 1 : 0 }
    var best = logits.startIndex
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return best - logits.startIndex
  }
}

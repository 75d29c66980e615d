import Foundation

extension Loss {
  /// The weighted sum of the losses of all rows, and in `gradient` the gradient of their mean.
  ///
  /// - Parameters:
  ///   - inputs: `[N, width]`, logits or outputs.
  ///   - targets: `[N, width]`, from 0 for no to 1 for yes.
  ///   - weights: `[N]`, or empty for 1 each. The mean divides by N, as Keras has it, not by their sum.
  ///   - gradient: `[N, width]`, or empty when nobody asks.
  func sum(
    _ inputs: Span<Float>, targets: Span<Float>, weights: Span<Float>, width: Int,
    gradient: inout MutableSpan<Float>
  ) -> Double {
    let rows = inputs.count / width
    var slopes = [Double](repeating: 0, count: width)
    var sum = 0.0
    for row in 0..<rows {
      let range = row * width..<(row + 1) * width
      let weight = weights.isEmpty ? 1 : Double(weights[row])
      sum += weight * evaluate(inputs.extracting(range), targets.extracting(range), &slopes)
      guard !gradient.isEmpty else { continue }
      let scale = weight / Double(rows)
      for (index, slope) in zip(range, slopes) { gradient[index] = Float(slope * scale) }
    }
    return sum
  }

  /// One row's loss and its slopes.
  private func evaluate(_ inputs: Span<Float>, _ targets: Span<Float>, _ slopes: inout [Double]) -> Double {
    switch kind {
    case .categoricalCrossEntropy, .sparseCategoricalCrossEntropy: categorical(inputs, targets, &slopes)
    case .binaryCrossEntropy: binary(inputs, targets, &slopes)
    case .hinge, .squaredHinge: hinge(inputs, targets, &slopes)
    case .categoricalHinge: Self.categoricalHinge(inputs, targets, &slopes)
    case .meanSquaredError: Self.squaredError(inputs, targets, &slopes)
    }
  }

  /// `-Σ t log softmax(x)`; slopes `softmax(x) - t`. Smoothing gives every class its share.
  private func categorical(_ logits: Span<Float>, _ targets: Span<Float>, _ slopes: inout [Double]) -> Double
  {
    let (largest, exponentials) = Self.exponentialSum(logits)
    let normalizer = largest + log(exponentials)
    let share = labelSmoothing / Double(logits.count)
    var loss = 0.0
    for index in logits.indices {
      let target = Double(targets[index]) * (1 - labelSmoothing) + share
      let logarithm = Double(logits[index]) - normalizer
      loss -= target * logarithm
      slopes[index] = exp(logarithm) - target
    }
    return loss
  }

  /// The largest element and the sum of `exp(x - largest)`.
  private static func exponentialSum(_ row: Span<Float>) -> (largest: Double, sum: Double) {
    var largest = -Float.infinity
    for index in row.indices { largest = max(largest, row[index]) }
    var sum = 0.0
    for index in row.indices { sum += exp(Double(row[index]) - Double(largest)) }
    return (Double(largest), sum)
  }

  /// The mean of `max(x, 0) - x t + log(1 + exp(-|x|))`; slopes `(sigmoid(x) - t) / width`. Smoothing brings
  /// every target nearer to one half.
  private func binary(_ logits: Span<Float>, _ targets: Span<Float>, _ slopes: inout [Double]) -> Double {
    let width = Double(logits.count)
    var loss = 0.0
    for index in logits.indices {
      let logit = Double(logits[index])
      let target = Double(targets[index]) * (1 - labelSmoothing) + 0.5 * labelSmoothing
      loss += max(logit, 0) - logit * target + log1p(exp(-abs(logit)))
      slopes[index] = (logistic(logit) - target) / width
    }
    return loss / width
  }

  /// The mean of `max(1 - t x, 0)` or of its square, with no and yes as -1 and 1.
  private func hinge(_ outputs: Span<Float>, _ targets: Span<Float>, _ slopes: inout [Double]) -> Double {
    let width = Double(outputs.count)
    var loss = 0.0
    for index in outputs.indices {
      let target = 2 * Double(targets[index]) - 1
      let margin = 1 - target * Double(outputs[index])
      if margin < 0 {
        slopes[index] = 0
        continue
      }
      loss += kind == .hinge ? margin : margin * margin
      slopes[index] = -target * (kind == .hinge ? 1 : 2 * margin) / width
    }
    return loss / width
  }

  /// `max(max((1 - t) x) - Σ t x + 1, 0)`; equal largest outputs share the slope, as TensorFlow has it.
  private static func categoricalHinge(
    _ outputs: Span<Float>, _ targets: Span<Float>, _ slopes: inout [Double]
  ) -> Double {
    var (right, wrong) = (0.0, -Double.infinity)
    for index in outputs.indices {
      let (output, target) = (Double(outputs[index]), Double(targets[index]))
      right += target * output
      wrong = max(wrong, (1 - target) * output)
    }
    let loss = wrong - right + 1
    let largest = outputs.indices.filter { (1 - Double(targets[$0])) * Double(outputs[$0]) == wrong }
    for index in outputs.indices { slopes[index] = loss < 0 ? 0 : -Double(targets[index]) }
    if loss < 0 { return 0 }
    for index in largest { slopes[index] += (1 - Double(targets[index])) / Double(largest.count) }
    return loss
  }

  /// The mean of `(x - t)²`.
  private static func squaredError(
    _ outputs: Span<Float>, _ targets: Span<Float>, _ slopes: inout [Double]
  ) -> Double {
    let width = Double(outputs.count)
    var loss = 0.0
    for index in outputs.indices {
      let difference = Double(outputs[index]) - Double(targets[index])
      loss += difference * difference
      slopes[index] = 2 * difference / width
    }
    return loss / width
  }
}

public import Tensors

/// Class probabilities of samples in folds: what is said of those of one fold comes from a fit on all others.
public protocol Judgement: Sendable {
  /// The class of every sample, from 0.
  var classes: [Int] { get }
  /// The fold of every sample, from 0.
  var folds: [Int] { get }
  /// The class probabilities of every sample, `[N, classes]`.
  var probabilities: Tensor { get }
}

extension Judgement {
  /// The most probable class of every sample, the first of equals.
  public var predicted: [Int] {
    let width = probabilities.shape[1]
    return classes.indices.map { sample in
      let row = probabilities.scalars[sample * width..<(sample + 1) * width]
      return row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 } - row.startIndex
    }
  }

  /// How often samples of each class were taken for each class, all folds together.
  public var confusion: ConfusionMatrix {
    let matrix = try? ConfusionMatrix(
      labels: classes, predicted: predicted, classCount: probabilities.shape[1])
    return matrix ?? ConfusionMatrix(classCount: probabilities.shape[1])
  }

  /// The fraction of the samples of each fold that were classified correctly.
  public var foldAccuracies: [Double] {
    let predicted = predicted
    var (right, all) = ([Int: Int](), [Int: Int]())
    for (index, fold) in folds.enumerated() {
      all[fold, default: 0] += 1
      if predicted[index] == classes[index] { right[fold, default: 0] += 1 }
    }
    return all.keys.sorted().map { Double(right[$0] ?? 0) / Double(all[$0] ?? 1) }
  }

  /// The mean of ``foldAccuracies``.
  public var accuracy: Double {
    let accuracies = foldAccuracies
    return accuracies.isEmpty ? 0 : accuracies.reduce(0, +) / Double(accuracies.count)
  }

  /// The standard error of ``accuracy``: the standard deviation of ``foldAccuracies`` over the square root of their number.
  public var standardError: Double {
    let accuracies = foldAccuracies
    guard accuracies.count > 1 else { return 0 }
    let (mean, count) = (accuracy, Double(accuracies.count))
    let squares = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / (count - 1) / count).squareRoot()
  }
}

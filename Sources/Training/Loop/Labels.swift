public import Tensors

/// The labels of samples: one class number each, or one row of target values each.
public enum Labels: Hashable, Sendable {
  /// One class per sample, numbered from 0 in the order of the head's outputs. Behind a single sigmoid, 0 is
  /// no and 1 is yes.
  case classes([Int])
  /// Targets `[N, outputs]`: one-hot, soft or several yes at once, each in [0, 1]; for a hinge loss no and yes,
  /// as 0 and 1 or as -1 and 1; for the mean squared error any numbers.
  case targets(Tensor)

  /// The number of samples.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .targets(let targets): targets.shape.dimensions.first ?? 0
    }
  }

  /// Refuses labels that do not belong to `samples` samples and a head of `outputs` outputs.
  func check(samples: Int, outputs: Int, loss: Loss) throws(TrainingError) {
    guard count == samples else { throw .count(place: "labels", expected: samples, found: count) }
    switch self {
    case .classes(let classes):
      let most = max(2, outputs)
      for (index, found) in classes.enumerated() where !(0..<most).contains(found) {
        throw .label(index: index, expected: "a class from 0 to \(most - 1)", found: "\(found)")
      }
    case .targets(let targets): try Self.check(targets, outputs: outputs, loss: loss)
    }
  }

  private static func check(_ targets: Tensor, outputs: Int, loss: Loss) throws(TrainingError) {
    guard loss.kind != .sparseCategoricalCrossEntropy else {
      throw .loss(
        name: loss.kind.rawValue, expected: "labels that are class numbers", found: "rows of targets",
        advice: "use categorical_crossentropy for rows")
    }
    guard targets.shape.rank == 2, targets.shape[1] == outputs else {
      let found = targets.shape.rank == 2 ? targets.shape[1] : targets.shape.rank
      throw .count(place: "targets per sample", expected: outputs, found: found)
    }
    let (expected, isRight) = allowed(for: loss, targets)
    for (index, value) in targets.scalars.enumerated() where !isRight(value) {
      throw .label(index: index / outputs, expected: expected, found: "\(value)")
    }
  }

  private static func allowed(for loss: Loss, _ targets: Tensor) -> (String, (Float) -> Bool) {
    if loss.kind == .meanSquaredError { return ("finite targets", \.isFinite) }
    guard loss.isMargin else { return ("targets from 0 to 1", { (0...1).contains($0) }) }
    let isSigned = targets.scalars.contains(-1)
    return isSigned
      ? ("targets of -1 or 1", { abs($0) == 1 })
      : ("targets of 0 or 1, or of -1 or 1", { $0 == 0 || $0 == 1 })
  }

  /// The class of every sample: the number given, the largest target, or whether a single target is above one
  /// half.
  var classes: [Int] {
    switch self {
    case .classes(let classes): return classes
    case .targets(let targets):
      let width = targets.shape.elementCount / max(1, count)
      return (0..<count).map { row in
        let values = Array(targets.scalars[row * width..<(row + 1) * width])
        return Accuracy.predictedClass(values.span, threshold: 0.5)
      }
    }
  }

  /// Writes the targets `[rows, width]` of the samples at `indices`.
  ///
  /// - Parameter isMargin: whether a no is written as -1, to be read as 0.
  func load(_ indices: some Collection<Int>, width: Int, isMargin: Bool, into target: inout [Float]) {
    target.resize(to: 0)
    target.resize(to: indices.count * width)
    for (row, index) in indices.enumerated() {
      switch self {
      case .classes(let classes) where width == 1: target[row] = Float(classes[index])
      case .classes(let classes): target[row * width + classes[index]] = 1
      case .targets(let targets):
        for offset in 0..<width {
          let value = targets.scalars[index * width + offset]
          target[row * width + offset] = isMargin ? max(0, value) : value
        }
      }
    }
  }
}

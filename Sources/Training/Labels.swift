public import Tensors

/// What the samples are: a class number each, or a row of target values each.
public enum Labels: Hashable, Sendable {
  /// One class per sample, numbered from 0 in the order of the head's outputs. Behind a single sigmoid, 0 is
  /// no and 1 is yes.
  case classes([Int])
  /// Targets `[N, outputs]`: one-hot, soft or several yes at once; each in [0, 1].
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
    for (index, value) in targets.scalars.enumerated() where !(0...1).contains(value) {
      throw .label(index: index / outputs, expected: "targets from 0 to 1", found: "\(value)")
    }
  }

  /// Writes the targets `[rows, width]` of the samples at `indices`.
  func load(_ indices: some Collection<Int>, width: Int, into target: inout [Float]) {
    target.resize(to: 0)
    target.resize(to: indices.count * width)
    for (row, index) in indices.enumerated() {
      switch self {
      case .classes(let classes) where width == 1: target[row] = Float(classes[index])
      case .classes(let classes): target[row * width + classes[index]] = 1
      case .targets(let targets):
        for offset in 0..<width { target[row * width + offset] = targets.scalars[index * width + offset] }
      }
    }
  }
}

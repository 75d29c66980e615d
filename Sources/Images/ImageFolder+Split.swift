import Tensors

extension ImageFolder {
  /// The two halves of a split; together they hold every picture once.
  public struct Split: Hashable, Sendable {
    /// What to learn from.
    public let training: ImageFolder
    /// What to judge by.
    public let validation: ImageFolder
  }

  /// Splits as Keras's `validation_split` does: the first `Int(fraction * n)` pictures of each class of `n`
  /// are for validation.
  ///
  /// - Precondition: `0...1 ~= fraction`.
  public func split(validation fraction: Double) -> Split { split(fraction) { $0 } }

  /// Splits each class after shuffling it: `Int(fraction * n)` pictures of each class of `n`, drawn with
  /// `seed`, are for validation. Both halves keep the folder's order.
  ///
  /// - Precondition: `0...1 ~= fraction`.
  public func split(validation fraction: Double, seed: UInt64) -> Split {
    var generator = SplitMix64(seed: seed)
    return split(fraction) { Self.shuffled($0, with: &generator) }
  }

  private func split(_ fraction: Double, order: ([Int]) -> [Int]) -> Split {
    precondition(0...1 ~= fraction, "validation split: expected 0 to 1, found \(fraction)")
    var isValidation = [Bool](repeating: false, count: items.count)
    for label in Set(items.map(\.label)).sorted(by: { ($0 ?? 0) < ($1 ?? 0) }) {
      let members = items.indices.filter { items[$0].label == label }
      for index in order(members).prefix(Int(fraction * Double(members.count))) { isValidation[index] = true }
    }
    return Split(
      training: keeping { !isValidation[$0] }, validation: keeping { isValidation[$0] })
  }

  private func keeping(_ isKept: (Int) -> Bool) -> ImageFolder {
    ImageFolder(path: path, classes: classes, items: items.indices.filter(isKept).map { items[$0] })
  }

  /// Fisher-Yates, written out so that no library update changes what a seed means.
  private static func shuffled(_ indices: [Int], with generator: inout SplitMix64) -> [Int] {
    var indices = indices
    for last in indices.indices.dropFirst().reversed() {
      indices.swapAt(last, Int(generator.nextUnit() * Double(last + 1)))
    }
    return indices
  }
}

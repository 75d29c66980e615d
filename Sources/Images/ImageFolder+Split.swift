import Tensors

extension ImageFolder {
  /// The two halves of a split; together they hold every picture once.
  public struct Split: Hashable, Sendable {
    /// What to learn from.
    public let training: ImageFolder
    /// What to judge by.
    public let validation: ImageFolder
  }

  /// Splits as `ImageDataGenerator`'s `validation_split` does: the first `Int(fraction * n)` pictures of each class
  /// of `n` are for validation; of a manifest, the first of all its rows.
  ///
  /// - Precondition: `0...1 ~= fraction`.
  public func split(validation fraction: Double) -> Split {
    guard isManifest else { return split(fraction) { $0 } }
    precondition(0...1 ~= fraction, "validation split: expected 0 to 1, found \(fraction)")
    return split(heldBack: items.indices.prefix(Int(fraction * Double(items.count))))
  }

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
    return split(
      heldBack: classMembers.flatMap { members in
        order(members).prefix(Int(fraction * Double(members.count)))
      })
  }

  /// The indices of the pictures, class by class.
  private var classMembers: [[Int]] {
    Dictionary(grouping: items.indices) { items[$0].label ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The half with the pictures at `indices`, and the other.
  func split(heldBack indices: some Collection<Int>) -> Split {
    var isValidation = [Bool](repeating: false, count: items.count)
    for index in indices { isValidation[index] = true }
    return Split(
      training: keeping { !isValidation[$0] }, validation: keeping { isValidation[$0] })
  }

  private func keeping(_ isKept: (Int) -> Bool) -> ImageFolder {
    ImageFolder(
      path: path, classes: classes, items: items.indices.filter(isKept).map { items[$0] },
      isManifest: isManifest)
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

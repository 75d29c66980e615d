import Randomness
import Tensors

/// Which images a validation split holds back.
public enum SplitRule: String, Hashable, Sendable, CaseIterable, Codable {
  /// `Int(fraction * n)` images of each class of `n`, drawn by the seed.
  case drawn
  /// `ImageDataGenerator(validation_split:)`: the first `Int(fraction * n)` of each class of a folder; the first of
  /// all rows of a manifest. No seed.
  case generator
  /// `image_dataset_from_directory(validation_split:, seed:)`: all images are shuffled as NumPy's
  /// `RandomState(seed)` does, and the last `Int(fraction * n)` of them are taken, whatever their class. Only the low
  /// 32 bits of the seed are used.
  case dataset
}

extension Dataset {
  /// The indices of the images that `method` holds back.
  func heldBack(by method: ValidationSplit) -> [Int] {
    if let count = method.trainingCount { return Array(shuffled(seed: method.seed).dropFirst(count)) }
    return heldBack(method.fraction ?? 0, method.rule, seed: method.seed)
  }

  private func heldBack(_ fraction: Double, _ rule: SplitRule, seed: UInt64) -> [Int] {
    let part = { (indices: [Int]) in Int(fraction * Double(indices.count)) }
    switch rule {
    case .drawn:
      var generator = SplitMix64(seed: seed)
      return classMembers.flatMap { Self.shuffled($0, with: &generator).prefix(part($0)) }
    case .generator where source == .folder: return classMembers.flatMap { $0.prefix(part($0)) }
    case .generator: return Array(items.indices.prefix(part(Array(items.indices))))
    case .dataset:
      let order = shuffled(seed: seed)
      return Array(order.suffix(part(order)))
    }
  }

  /// The indices of all images as NumPy's `RandomState(seed)` shuffles them.
  private func shuffled(seed: UInt64) -> [Int] {
    var generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
    return generator.shuffled(Array(items.indices))
  }

  /// The indices of the images, class by class.
  private var classMembers: [[Int]] {
    Dictionary(grouping: items.indices) { items[$0].label ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
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

import Tensors

/// Which pictures a validation split holds back.
public enum SplitRule: String, Hashable, Sendable, CaseIterable {
  /// `Int(fraction * n)` pictures of each class of `n`, drawn by the seed.
  case drawn
  /// `ImageDataGenerator(validation_split:)`: the first `Int(fraction * n)` of each class of a folder; the first of
  /// all rows of a manifest. No seed.
  case generator
  /// `image_dataset_from_directory(validation_split:, seed:)`: all pictures are shuffled as NumPy's
  /// `RandomState(seed)` does, and the last `Int(fraction * n)` of them are held back, whatever their class.
  /// Of a seed the low 32 bits count.
  case dataset
}

/// The part of a split that is wanted, by Keras's names.
public enum DataSubset: String, Hashable, Sendable, CaseIterable {
  case training, validation
}

extension ImageFolder {
  /// Splits by a rule; both halves keep the folder's order.
  ///
  /// - Precondition: `0...1 ~= fraction`.
  public func split(validation fraction: Double, rule: SplitRule, seed: UInt64) -> Split {
    switch rule {
    case .drawn: split(validation: fraction, seed: seed)
    case .generator: split(validation: fraction)
    case .dataset: splitAsDataset(fraction, seed: UInt32(truncatingIfNeeded: seed))
    }
  }

  private func splitAsDataset(_ fraction: Double, seed: UInt32) -> Split {
    precondition(0...1 ~= fraction, "validation split: expected 0 to 1, found \(fraction)")
    var generator = MersenneTwister(seed: seed)
    let order = generator.shuffled(Array(items.indices))
    return split(heldBack: order.suffix(Int(fraction * Double(items.count))))
  }
}

extension ImageFolder.Split {
  /// The half that is asked for.
  public subscript(subset: DataSubset) -> ImageFolder { subset == .training ? training : validation }
}

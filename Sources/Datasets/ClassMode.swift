public import Tensors

/// The kind of labels, by the names of Keras's `class_mode`.
public enum ClassMode: String, Hashable, Sendable, CaseIterable {
  /// A row of `[N, classes]` with a one at the class.
  case categorical
  /// 0 or 1, `[N]`; for two classes.
  case binary
  /// The number of the class, `[N]`.
  case sparse
  /// The image itself, for autoencoders.
  case input
  /// Nothing.
  case none
}

extension Dataset {
  /// The targets of all images, as Keras's iterators hand them out; nil for ``ClassMode/input`` (the target is
  /// the image), ``ClassMode/none`` and data sets without classes.
  ///
  /// - Throws: ``DatasetError/notTwoClasses(place:found:)`` for ``ClassMode/binary`` with other than two classes.
  public func targets(_ mode: ClassMode) throws(DatasetError) -> Tensor? {
    try check(mode)
    let labels = items.compactMap(\.label)
    guard labels.count == items.count else { return nil }
    switch mode {
    case .input, .none: return nil
    case .binary, .sparse:
      return Tensor(shape: TensorShape([labels.count]), scalars: labels.map { Float($0) })
    case .categorical:
      var targets = Tensor(repeating: 0, shape: TensorShape([labels.count, classes.count]))
      for (row, label) in labels.enumerated() { targets.scalars[row * classes.count + label] = 1 }
      return targets
    }
  }

  /// Checks that a mode suits the classes.
  ///
  /// Keras checks this for data frames only; for a folder of three classes a binary head gives wrong results without an
  /// error.
  public func check(_ mode: ClassMode) throws(DatasetError) {
    guard mode != .binary || classes.count == 2 else { throw .notTwoClasses(place: place, found: classes) }
  }
}

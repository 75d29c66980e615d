public import Tensors

/// What a picture's class becomes, by the names of Keras's `class_mode`.
public enum ClassMode: String, Hashable, Sendable, CaseIterable {
  /// A row of `[N, classes]` with a one at the class.
  case categorical
  /// 0 or 1, `[N]`; for two classes.
  case binary
  /// The number of the class, `[N]`.
  case sparse
  /// The picture itself, for autoencoders.
  case input
  /// Nothing.
  case none
}

extension ImageFolder {
  /// The targets of all pictures, as Keras's iterators hand them out; nil for ``ClassMode/input`` (the target is
  /// the picture), ``ClassMode/none`` and folders listed flat.
  ///
  /// - Throws: ``ImageError/notTwoClasses(path:found:)`` for ``ClassMode/binary`` with other than two classes.
  public func targets(_ mode: ClassMode) throws(ImageError) -> Tensor? {
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

  /// Refuses a mode that does not suit the classes.
  ///
  /// Keras checks this for data frames only; a binary head on three classes of a folder goes wrong in silence.
  public func check(_ mode: ClassMode) throws(ImageError) {
    guard mode != .binary || classes.count == 2 else { throw .notTwoClasses(path: path, found: classes) }
  }
}

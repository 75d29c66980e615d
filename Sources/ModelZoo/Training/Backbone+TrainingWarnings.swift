public import Datasets
public import Training

extension Backbone {
  /// What a user should know before training `head` on `split` as `options` say: everything that works but is probably
  /// not what was meant, ``warnings`` included. Nothing is computed.
  public func warnings(
    training head: Head, on split: DatasetSplit, options: TrainingOptions = TrainingOptions()
  ) -> [String] {
    warnings + flatteningWarnings(head) + head.warnings + [options.lossWarning(head)].compactMap(\.self)
      + options.warnings(split)
  }

  /// A head that flattens what has no rows and columns any more.
  private func flatteningWarnings(_ head: Head) -> [String] {
    guard head.flattens, options.pooling != .none, !asksForPooling else { return [] }
    return [
      "head: flatten has nothing to flatten, because features are pooled by '\(options.pooling.rawValue)'; choose no pooling "
        + "for a head that reads rows and columns"
    ]
  }
}

extension TrainingOptions {
  /// Squares of what long features add up to: after 30 epochs as much is wrong as is right, in Keras, too.
  fileprivate func lossWarning(_ head: Head) -> String? {
    let scaling = ["UnitNormalization", "BatchNormalization"]
    let isScaled = head.layers.contains { scaling.contains($0.className) }
    guard epochs != nil, loss?.kind == .meanSquaredError, head.outputActivation == .linear, !isScaled
    else { return nil }
    return
      "loss: mean_squared_error falls slowly on features that are not normalised; put unit_normalization first, "
      + "with a learning rate of 0.01"
  }

  fileprivate func warnings(_ split: DatasetSplit) -> [String] {
    guard let epochs, (try? epochs.check()) != nil else { return [] }
    return [
      epochs.orderWarning(split.training), epochs.stepWarning(split.training),
      split.validation.flatMap(epochs.validationWarning),
    ].compactMap(\.self)
  }
}

extension EpochOptions {
  /// Keras's `shuffle=False`, which tutorials copy from test images to training images.
  fileprivate func orderWarning(_ training: Dataset) -> String? {
    let labels = training.items.compactMap(\.label)
    guard !shuffles, batchSize < labels.count, labels == labels.sorted(), labels.first != labels.last else {
      return nil
    }
    return "order: without shuffling, images are sorted by class, and whole batches have one class only; "
      + "shuffle the training images"
  }

  /// Keras 3 runs out of data, and says so once the epoch is over.
  fileprivate func stepWarning(_ training: Dataset) -> String? {
    let batches = batches(of: training.items.count)
    guard let stepsPerEpoch, stepsPerEpoch > batches, batches > 0 else { return nil }
    return "steps per epoch: expected \(batches) at most, for \(training.items.count) images in batches of "
      + "\(batchSize); found \(stepsPerEpoch); every epoch ends after the last image"
  }

  /// `n // batch_size` leaves out the last images, which are all of the last class.
  fileprivate func validationWarning(_ validation: Dataset) -> String? {
    let size = validationBatchSize ?? batchSize
    let batches = Self.batches(of: validation.items.count, size)
    guard let validationSteps, batches > 0, validationSteps != batches else { return nil }
    let place =
      "validation steps: expected \(batches), for \(validation.items.count) images in batches of "
      + "\(size); found \(validationSteps); "
    guard validationSteps < batches else { return place + "validation ends after the last image" }
    let measured = validationSteps * size
    let classes = Set(validation.items.prefix(measured).compactMap(\.label)).count
    return place + "only the first \(measured) images are evaluated, of \(classes) of the "
      + "\(validation.classes.count) classes"
  }
}

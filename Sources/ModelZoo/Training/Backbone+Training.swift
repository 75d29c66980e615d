public import Datasets
import Images
import Tensors
public import Training

extension Backbone {
  /// Trains `head` on the pictures of `split`: the features are computed once and kept, then the head runs
  /// over them for as many epochs as wanted, or a linear fit finds it at once.
  ///
  /// - Parameters:
  ///   - head: its last layer has one output a class, or one sigmoid for two classes.
  ///   - split: the pictures to learn from, and those to judge by after every epoch; the test part is left alone.
  ///   - options: epochs, optimizer, loss and all else.
  ///   - extraction: how features are computed, and who is told of it.
  /// - Throws: ``ModelZooError`` when data and head do not fit each other, `DatasetError`, `TrainingError` for options that
  ///   are out of range, all before any feature is computed; `ImageError`, and what callbacks throw.
  public func train(
    _ head: Head, on split: DatasetSplit, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try options.check(head, on: split, featureShape: featureShape)
    let trainer = try options.trainer(
      head, inputShape: featureShape, pictures: split.training.items.count)
    var run = try TrainingRun(self, split, options, extraction)
    switch options.fit {
    case .epochs(let epochs): return try run.train(trainer, epochs)
    case .linear(let fit): return try run.fit(head, by: fit)
    }
  }

  /// The same on a data set that is learnt from as a whole.
  public func train(
    _ head: Head, on dataset: Dataset, options: TrainingOptions = TrainingOptions(),
    extraction: ExtractionOptions = ExtractionOptions()
  ) throws -> TrainedModel {
    try train(head, on: .whole(dataset), options: options, extraction: extraction)
  }
}

extension TrainingOptions {
  /// What trains `head`, with the learning rate of so many training pictures; of a linear fit, what measures it.
  fileprivate func trainer(_ head: Head, inputShape: TensorShape, pictures: Int) throws(TrainingError)
    -> Trainer
  {
    try Trainer(
      head: head, inputShape: inputShape, loss: loss,
      optimizer: epochs?.scheduledOptimizer(pictures: pictures) ?? .adam(), metrics: metrics, seed: seed)
  }
}

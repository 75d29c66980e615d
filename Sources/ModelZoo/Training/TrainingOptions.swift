public import Datasets
public import Images
import Tensors
public import Training

/// How a head is trained.
public struct TrainingOptions: Sendable {
  /// How the head is trained: in epochs, or by a linear fit.
  public var fit: Fit
  /// The loss to minimise in epochs, which is also evaluated at the end of either fit; nil for the loss that suits the
  /// head's last layer.
  public var loss: Loss?
  /// The metrics that are computed in addition to the loss.
  public var metrics: [Metric]
  /// The seed of the initial parameters, the order of images, dropout and the folds of a cross-validation.
  public var seed: UInt64
  /// The kind of labels; nil for the one that suits the head.
  public var classMode: ClassMode?
  /// Random changes to the training images, never to those validated on.
  public var augmentation: Augmentation
  /// How many variants of each image, 1 to a million, are computed, once, for the epochs to draw from; nil for all 2 or
  /// 4 variants with flips alone, and for a new variant in every epoch otherwise.
  public var variants: Int?
  /// Layers of the backbone to train, too; nil for a backbone that stays frozen.
  public var fineTuning: FineTuning?

  /// Ten epochs of Adam in batches of 32, unless `fit` says otherwise.
  public init(
    fit: Fit = .epochs(), loss: Loss? = nil, metrics: [Metric] = [.accuracy], seed: UInt64 = 0,
    classMode: ClassMode? = nil, augmentation: Augmentation = Augmentation(), variants: Int? = nil
  ) {
    self.fit = fit
    self.loss = loss
    self.metrics = metrics
    self.seed = seed
    self.classMode = classMode
    self.augmentation = augmentation
    self.variants = variants
  }

  /// The options of epochs; nil for a linear fit, which has none. Setting options makes the fit one of epochs, setting nil
  /// changes nothing.
  public var epochs: EpochOptions? {
    get { if case .epochs(let options) = fit { options } else { nil } }
    set { if let newValue { fit = .epochs(newValue) } }
  }
}

extension TrainingOptions {
  private static let mostVariants = 1_000_000

  /// Refuses, before an image is read or a parameter is made, what cannot be trained on features of `featureShape`.
  func check(_ head: Head, on split: DatasetSplit, featureShape: TensorShape) throws {
    try split.checkForTraining()
    try augmentation.check()
    if let variants, !(1...Self.mostVariants).contains(variants) {
      throw TrainingError.setting(
        name: "variants", expected: "1 to \(Self.mostVariants)", found: "\(variants)")
    }
    try checkFit(head, isWeighted: split.training.items.contains { $0.weight != nil })
    try checkWeights(split.training)
    let classes = split.training.classes
    let outputs = try head.summary(inputShape: featureShape).last?.outputShape.elementCount ?? 0
    guard outputs == classes.count || outputs == 1 && classes.count == 2 else {
      throw ModelZooError.headDoesNotFit(outputs: outputs, classes: classes)
    }
    try classMode?.check(outputs: outputs, split.training)
  }

  private func checkFit(_ head: Head, isWeighted: Bool) throws {
    switch fit {
    case .epochs(let epochs):
      try epochs.check()
      if epochs.classWeights != nil, isWeighted {
        throw ModelZooError.sampleWeights(beside: "class weights")
      }
    case .linear(let linear):
      guard fineTuning == nil else {
        throw ModelZooError.unfreezing(
          expected: "none for a linear fit, which trains the head alone", found: "some; train in epochs")
      }
      try linear.check(head)
      if isWeighted {
        throw ModelZooError.sampleWeights(beside: "a linear fit, which does not support them")
      }
      if augmentation.finiteVariantCount == nil, variants == nil { throw ModelZooError.endlessAugmentation }
    }
  }
}

extension TrainingOptions {
  /// The largest weight: of what is multiplied by it a sum of squares is still a number.
  private static let largestWeight: Float = 1e15

  /// Refuses weights that make training impossible: all of them 0, or so large that the loss is not finite.
  private func checkWeights(_ training: Dataset) throws(TrainingError) {
    let labels = training.items.compactMap(\.label)
    let (name, weights): (String, [Float]) =
      if let given = epochs?.classWeights?.weights(of: labels) {
        ("class weights", Set(labels).map { Float(given[$0] ?? 1) })
      } else {
        ("sample weights", training.items.compactMap(\.weight))
      }
    guard let largest = weights.max() else { return }
    guard largest > 0 else {
      throw .setting(
        name: name, expected: "at least one above 0", found: "0 for every class with images")
    }
    guard largest <= Self.largestWeight else {
      throw .setting(
        name: name, expected: "at most \(Self.largestWeight), so that the loss stays finite",
        found: "\(largest)")
    }
  }
}

extension DatasetSplit {
  /// Refuses what no head can learn from.
  fileprivate func checkForTraining() throws(DatasetError) {
    guard training.classes.count >= 2 else {
      throw .tooFewClasses(place: training.place, found: training.classes)
    }
    for part in [training, validation].compactMap(\.self) where part.items.isEmpty {
      throw .noImages(place: part.place)
    }
  }
}

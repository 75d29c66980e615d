public import Datasets
public import Images
public import Tensors
public import Training

/// The images that a model was trained and evaluated on, and how long that took.
public struct TrainingRecord: Sendable {
  /// The training, validation and test images.
  public let split: DatasetSplit
  /// How it was trained; callbacks and the checkpoint that it was resumed from are not kept.
  public let options: TrainingOptions
  /// How far an interrupted training had come when it was resumed: `9 epochs and 4 steps`; nil without interruption.
  public let resumption: String?
  /// The file or folder of features that it was trained on in place of images; nil for images.
  public let features: String?
  /// The learning rate at the end of every epoch; empty for a linear fit.
  public internal(set) var learningRates: [Double] = []
  /// That of the backbone's layers, 0 while the head learnt alone; empty where none of them was trained.
  public internal(set) var backboneLearningRates: [Double] = []
  /// The images that were evaluated: the validation images if there are any, else the training images.
  public private(set) var evaluated = FeatureRows()
  /// The head's outputs for them: `[N, outputs]`.
  public private(set) var outputs = Tensor(repeating: 0, shape: [0, 1])
  /// The seconds that computing features took.
  public private(set) var featureSeconds = 0.0
  /// The seconds that training the head took.
  public private(set) var trainingSeconds = 0.0

  private var start = ContinuousClock.now

  init(_ split: DatasetSplit, _ options: TrainingOptions, features: String? = nil) {
    (self.split, self.features) = (split, features)
    resumption = options.epochs?.checkpoint?.place
    var options = options
    options.epochs?.callbacks = []
    options.epochs?.checkpoint = nil
    self.options = options
  }

  /// Remembers that the features are there.
  mutating func featuresAreReady() { featureSeconds = secondsSinceStart() }

  /// The record with what `head` says of the images of `table`.
  func evaluating(_ table: RowTable, by head: HeadModel) throws -> TrainingRecord {
    var record = self
    record.trainingSeconds = record.secondsSinceStart()
    record.evaluated = table.rows
    let answers = try head.answers(to: table.features)
    record.outputs = try head.probabilities(
      Tensor(shape: TensorShape([answers.count, head.outputCount]), scalars: answers.outputs))
    return record
  }

  /// Remembers the learning rates of the last epochs of `count`, and those of a backbone whose layers learn at a part of them.
  mutating func learnt(at rates: [Double], epochs count: Int, backboneFactor: Double?) {
    learningRates = rates
    guard let backboneFactor else { return }
    let headEpochs = options.fineTuning?.headEpochs ?? 0
    backboneLearningRates = rates.enumerated().map { index, rate in
      count - rates.count + index < headEpochs ? 0 : rate * backboneFactor
    }
  }

  private mutating func secondsSinceStart() -> Double {
    let now = ContinuousClock.now
    defer { start = now }
    return (now - start) / .seconds(1)
  }
}

extension TrainedModel {
  /// A misclassified image.
  public struct Mistake: Hashable, Sendable {
    /// Where it is.
    public let location: ImageLocation
    /// Its true class.
    public let label: String
    /// The model's prediction.
    public let prediction: Prediction

    /// The file.
    public var path: String { location.path }
  }

  /// The confusion matrix of the evaluated images; nil for a model that was loaded.
  ///
  /// - Throws: `TrainingError` where the head's outputs do not belong to the classes.
  public var confusion: ConfusionMatrix? {
    get throws(TrainingError) {
      guard let record else { return nil }
      return try ConfusionMatrix(labels: record.evaluated.labels, outputs: record.outputs)
    }
  }

  /// The misclassified images, the most confident mistake first; of equals, the
  /// first in the data. Empty for a model that was loaded.
  public var mistakes: [Mistake] {
    guard let record else { return [] }
    let items = (record.split.validation ?? record.split.training).items
    let locations = Dictionary(items.map { ($0.name, $0.location) }, uniquingKeysWith: { first, _ in first })
    let wrong = record.evaluated.files.indices.compactMap { row -> Mistake? in
      let file = record.evaluated.files[row]
      let prediction = prediction(of: record.outputs, row: row, file: file)
      let label = labels[record.evaluated.labels[row]]
      return prediction.label == label
        ? nil
        : Mistake(
          location: locations[file] ?? ImageLocation(path: file), label: label, prediction: prediction)
    }
    return wrong.enumerated().sorted { left, right in
      (-left.element.prediction.probability, left.offset) < (
        -right.element.prediction.probability, right.offset
      )
    }.map(\.element)
  }
}

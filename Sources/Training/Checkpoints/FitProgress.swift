/// How far a call of `fit` is.
struct FitProgress: Codable, Sendable {
  /// The epochs that are finished.
  var epoch = 0
  /// The batches of the next epoch that are finished.
  var batch = 0
  /// What those batches add up to.
  var tally = Tally()
  /// The metrics of the finished epochs.
  var epochs: [Logs] = []

  init() {}

  mutating func finishEpoch(_ logs: Logs) {
    epoch += 1
    batch = 0
    tally = Tally()
    epochs.append(logs)
  }
}

/// What decides, in addition to the trainer's state, the result of a call of `fit`: a training can be resumed only
/// where all of it is as it was.
struct FitConditions: Sendable {
  private let training: SourcedSamples
  private let validation: SourcedSamples?
  private let described: [Condition]
  /// How checkpoints of earlier releases say the same.
  private let formerValues: [String: String]

  /// Something to agree on.
  struct Condition: Codable, Sendable {
    var name: String
    var value: String
  }

  init(
    _ trainer: Trainer, _ training: SourcedSamples, _ validation: SourcedSamples?, batchSize: Int,
    stepsPerEpoch: Int,
    validationSteps: Int?, validationBatchSize: Int, shuffle: Bool
  ) {
    self.training = training
    self.validation = validation
    let optimizer = trainer.optimizer
    let values: [(String, String)] = [
      ("head", "\(trainer.model.head)"), ("start", trainer.start),
      ("features", "\(trainer.model.inputShape)"),
      ("loss", trainer.loss.written),
      ("metrics", trainer.metrics.map(\.name).joined(separator: ", ")), ("optimizer", optimizer.writtenRule),
      ("learning rate", "\(optimizer.learningRate)"),
      ("weight decay", optimizer.weightDecay.map { "\($0)" } ?? "none"),
      ("gradient clipping", optimizer.writtenClipping ?? "none"), ("seed", "\(trainer.seed)"),
      ("batch size", "\(batchSize)"), ("steps per epoch", "\(stepsPerEpoch)"), ("shuffling", "\(shuffle)"),
      ("augmentation", trainer.featuresOfEpochDescription),
      ("validation steps", validationSteps.map { "\($0)" } ?? "all"),
      // Which batches there are matters where not all are measured.
      ("validation batch size", validationSteps.map { _ in "\(validationBatchSize)" } ?? "any"),
      ("training samples", "\(training.labels.count)"),
      ("validation samples", "\(validation?.labels.count ?? 0)"),
    ]
    formerValues = [
      "loss": "\(trainer.loss)", "optimizer": "\(optimizer.rule)",
      "gradient clipping": optimizer.clipping.map { "\($0)" } ?? "none",
    ]
    described = (values + Self.backbone(trainer)).map { Condition(name: $0.0, value: $0.1) }
  }

  /// What is to be known of a backbone that is trained, too.
  private static func backbone(_ trainer: Trainer) -> [(String, String)] {
    guard let tail = trainer.model.tail else { return [] }
    return [
      ("trained layers", tail.layers.filter(\.learns).map(\.name).joined(separator: ", ")),
      ("layers among and behind them", tail.layers.filter { !$0.learns }.map(\.name).joined(separator: ", ")),
      ("momentum of averages", tail.momenta.map { "\($0)" }.joined(separator: ", ")),
      ("arithmetic", tail.isExact ? "exact" : "with minimal filtering"),
      ("epochs of the head alone", "\(trainer.headEpochs)"),
      ("learning rate of the backbone", trainer.backboneLearningRate.map { "\($0)" } ?? "the head's"),
    ]
  }

  /// All of it; reads every sample.
  var all: [Condition] {
    get throws(TrainingError) {
      var all = described
      for case (let name, let samples?) in [("training data", training), ("validation data", validation)] {
        all.append(Condition(name: name, value: "fingerprint " + (try Fingerprint.of(samples))))
      }
      return all
    }
  }

  /// Refuses to resume where a setting differs, with all differences.
  func check(_ former: [Condition]) throws(TrainingError) {
    let own = Dictionary(try all.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let differences = former.filter { ![own[$0.name], formerValues[$0.name]].contains($0.value) }.map {
      SettingDifference(
        name: $0.name, checkpoint: $0.value, found: own[$0.name] ?? "none")
    }
    if !differences.isEmpty { throw .otherSettings(differences) }
  }
}

/// A setting, or the data, of a training that differs from those of its checkpoint.
public struct SettingDifference: Hashable, Sendable {
  /// What it is: `batch size`, `optimizer`, `training data`.
  public let name: String
  /// What the checkpoint was made with.
  public let checkpoint: String
  /// What the training that was to be resumed has.
  public let found: String
}

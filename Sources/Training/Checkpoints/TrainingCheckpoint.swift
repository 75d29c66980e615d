package import Tensors

/// Everything that is needed to resume a training as if it had not been interrupted: the head, the optimizer's state,
/// the position, the callbacks' states, and the settings that must be the same.
///
/// Where an epoch's order and a step's dropout come from, there is no state to keep: both follow from the seed
/// and the number of the epoch or step.
public struct TrainingCheckpoint: Sendable {
  /// What was not kept as tensors.
  struct Record: Codable, Sendable {
    var version = 1
    var conditions: [FitConditions.Condition]
    var progress: FitProgress
    var finishedEpochs: Int
    var iterations: Int
    /// The step at which the optimizer began anew; absent for the first.
    var optimizerStart: Int?
    var learningRate: Double?
    var stopsTraining: Bool
    var callbacks: [String: String]
  }

  let record: Record
  /// The head's parameters, the optimizer's memory and the callbacks' tensors, by name: `head/…`,
  /// `optimizer/…`, `callbacks/…`.
  package let tensors: [String: Tensor]
  /// What makes a model of the checkpoint, as texts by their names; empty where that was not kept.
  package let sections: [String: String]

  /// The epochs that are finished.
  public var epoch: Int { record.progress.epoch }

  /// The batches that are finished of the epoch under way.
  public var batch: Int { record.progress.batch }

  /// How far training had come: `9 epochs`, `9 epochs and 4 steps`.
  public var place: String {
    let epochs = "\(epoch) epoch\(epoch == 1 ? "" : "s")"
    return batch == 0 ? epochs : "\(epochs) and \(batch) step\(batch == 1 ? "" : "s")"
  }

  /// The metrics of the finished epochs.
  public var history: History { History(record.progress.epochs) }

  /// Whether a callback had ended training.
  public var isOver: Bool { record.stopsTraining }

  init(
    _ trainer: Trainer, _ progress: FitProgress, _ conditions: FitConditions,
    _ callbacks: [any TrainingCallback]
  ) throws {
    let states = try callbacks.states()
    record = Record(
      conditions: try conditions.all, progress: progress, finishedEpochs: trainer.finishedEpochs,
      iterations: trainer.iterations, optimizerStart: trainer.state.start == 0 ? nil : trainer.state.start,
      learningRate: trainer.givenLearningRate,
      stopsTraining: trainer.stopsTraining, callbacks: states.mapValues(\.text))
    var tensors: [String: Tensor] = [:]
    for parameter in trainer.model.parameters + trainer.optimizerTensors {
      tensors[parameter.name] = parameter.tensor
    }
    for (name, state) in states {
      for (key, tensor) in state.tensors { tensors[Self.tensorName(name, key)] = tensor }
    }
    self.tensors = tensors
    let history = History(progress.epochs, restoredEpoch: trainer.restoredEpoch)
    sections = try trainer.sectionsOfCheckpoint?(trainer.model, history) ?? [:]
  }

  private static func tensorName(_ callback: String, _ key: String) -> String {
    "callbacks/\(callback)/\(key)"
  }

  /// What callbacks remember.
  var states: [String: CallbackState] {
    var states: [String: CallbackState] = [:]
    for (name, text) in record.callbacks {
      let prefix = Self.tensorName(name, "")
      let own = tensors.filter { $0.key.hasPrefix(prefix) }
      states[name] = CallbackState(
        text,
        tensors: Dictionary(
          own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }, uniquingKeysWith: { $1 }))
    }
    return states
  }
}

extension TrainingCheckpoint {
  /// The newest record that can be read.
  private static let version = 1

  /// What was not kept as tensors, as JSON.
  package var json: String { get throws { try ExactJSON.text(record) } }

  /// Puts a checkpoint together from what ``json``, ``tensors`` and ``sections`` gave.
  ///
  /// - Throws: ``TrainingError/malformedCheckpoint(reason:)``
  package init(
    json: String, tensors: [String: Tensor], sections: [String: String] = [:]
  ) throws(TrainingError) {
    guard let record = try? ExactJSON.value(Record.self, json) else {
      throw .malformedCheckpoint(reason: "expected the record of a training, found something else")
    }
    guard record.version <= Self.version else {
      throw .malformedCheckpoint(
        reason: "expected version \(Self.version) or older, found \(record.version); use a newer release")
    }
    let progress = record.progress
    guard progress.epoch >= 0, progress.batch >= 0, progress.epochs.count == progress.epoch,
      (0..<1 << 48).contains(record.iterations), (0...record.iterations).contains(record.optimizerStart ?? 0),
      (progress.epoch..<1 << 48).contains(record.finishedEpochs)
    else {
      throw .malformedCheckpoint(
        reason: "expected \(progress.epoch) epochs in its history, found \(progress.epochs.count)")
    }
    self.record = record
    self.tensors = tensors
    self.sections = sections
  }
}

import TensorArchive
public import Training

/// What a trained model is, without its backbone in memory: the head, the classes and how training went.
public struct TrainedModelDescription: Sendable {
  /// The head's layers.
  public let head: Head
  /// The names of the classes, in the order of the head's outputs.
  public let labels: [String]
  /// The metrics of every epoch.
  public let history: History
  /// Whether the head was fitted to convergence instead of in epochs; false if that was not recorded.
  public let isLinearFit: Bool
  /// The model that the head was trained on from; nil for a head that began anew.
  public let origin: ModelFile?
  /// The layers of the backbone that were trained with the head; nil for a backbone that stayed as it was converted.
  public let fineTuning: FineTuningRecord?
  /// How images are resized for it; nil where that cannot be read, and for a model that was just trained.
  public let scaling: PixelScaling?
  /// How far training had come, `9 epochs and 4 steps`, of a checkpoint; nil for a model.
  public let checkpointPlace: String?

  /// Describes a model in memory.
  public init(_ model: TrainedModel) {
    head = model.head.head
    labels = model.labels
    history = model.history
    isLinearFit = model.fit != nil
    origin = model.origin
    fineTuning = model.fineTuning
    scaling = nil
    checkpointPlace = model.checkpointPlace
  }

  /// Describes the model in an archive; nil when it holds none, or none that can be read.
  public init?(_ archive: Archive) {
    guard let sections = ModelSections(archive), let head = try? sections.head(archive),
      let labels = try? sections.labels()
    else { return nil }
    self.head = head.head
    self.labels = labels
    history = (try? sections.history()) ?? History()
    isLinearFit = sections.isLinearFit
    origin = try? sections.origin()
    fineTuning = try? sections.fineTuning()
    scaling = PixelScaling(archive)
    checkpointPlace = archive.isCheckpoint ? try? TrainingCheckpoint.place(in: archive) : nil
  }
}

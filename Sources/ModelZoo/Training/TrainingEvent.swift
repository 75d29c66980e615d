public import Datasets
public import Training

/// What happens while a head is trained. Epochs and batches count from 0.
public enum TrainingEvent: Hashable, Sendable {
  /// A setting that works but is probably not what was meant: before anything is computed, or once it is known which
  /// images can be read.
  case warning(String)
  /// What happened while the features of a part of the images were computed.
  case features(DatasetPart, ExtractionEvent)
  /// The features are there, and training in epochs begins; a linear fit has no such events.
  case trainingBegan(TrainingPlan)
  /// An epoch begins.
  case epochBegan(Int)
  /// A step is done; the numbers are the means over the epoch so far.
  case batchEnded(Int, Logs)
  /// An epoch and its validation are done.
  case epochEnded(Int, Logs)
  /// A checkpoint was written; `place` says how far training had come: `9 epochs and 4 steps`.
  case checkpointSaved(path: String, place: String)
  /// The last epoch is over.
  case trainingEnded

  /// Whether nobody need read `earlier` who reads `event`.
  static func supersedes(_ event: TrainingEvent, _ earlier: TrainingEvent) -> Bool {
    switch (event, earlier) {
    case (.batchEnded, .batchEnded): true
    case (.features(let part, let event), .features(let earlierPart, let earlier)):
      part == earlierPart && ExtractionEvent.supersedes(event, earlier)
    default: false
    }
  }
}

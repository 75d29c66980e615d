import Datasets
import Training

/// What a head is trained on.
enum TrainingMaterial: Sendable {
  /// Images, whose features are to be computed.
  case images(DatasetSplit, ExtractionOptions)
  /// Features that are there.
  case features(FeatureSplit)

  /// The images it is of.
  var split: DatasetSplit {
    switch self {
    case .images(let split, _): split
    case .features(let split): split.images
    }
  }

  /// Where the features are; nil for images.
  var place: String? {
    switch self {
    case .images: nil
    case .features(let split): split.training.path
    }
  }

  /// Refuses features of another backbone, and what cannot be done with features alone.
  func check(_ options: TrainingOptions, _ backbone: Backbone) throws {
    guard case .features(let split) = self else { return }
    let purposes: [(name: String, isAsked: Bool)] = [
      ("data augmentation", !options.augmentation.isIdentity || (options.variants ?? 1) > 1),
      ("training layers of the backbone", options.fineTuning != nil),
    ]
    if let purpose = purposes.first(where: \.isAsked) {
      throw FeatureFileError.needsImages(path: split.training.path, purpose: purpose.name)
    }
    for (_, features) in split.parts { try features.check(backbone) }
  }

  /// What `start` can be trained on: images are put in the order of the model's classes, features must be in that order.
  func checked(_ start: TrainingStart, _ options: TrainingOptions) throws -> TrainingMaterial {
    let arranged = try start.checked(split, options)
    if case .images(_, let extraction) = self { return .images(arranged, extraction) }
    let (expected, found) = (arranged.training.classes, split.training.classes)
    guard expected == found else {
      throw DatasetError.otherClasses(place: split.training.place, expected: expected, found: found)
    }
    return self
  }

  /// What a user should know before training `start` as `options` say.
  func warnings(_ start: TrainingStart, _ options: TrainingOptions, _ backbone: Backbone) -> [String] {
    switch self {
    case .images(let split, _):
      start.model?.warnings(trainingOn: split, options: options)
        ?? backbone.warnings(training: start.head, on: split, options: options)
    case .features(let split):
      start.model?.warnings(trainingOn: split, options: options)
        ?? backbone.warnings(training: start.head, on: split, options: options)
    }
  }

  /// The paths of training images that have no features, where that is known beforehand.
  var lost: [String] {
    switch self {
    case .images: []
    case .features: [FeatureSet.unreadName]
    }
  }

  /// The training images that a model learns from, by their bytes; of features there are none.
  ///
  /// - Parameter lost: the paths of those that could not be read.
  func learnt(without lost: Set<String>, _ cancellation: Cancellation) throws -> LearntImages {
    switch self {
    case .images(let split, _):
      let images = split.training.items.filter { !lost.contains($0.path) }.map(\.location)
      return try LearntImages(images, holdback: split.method, cancellation)
    case .features(let split):
      return .unknown(holdback: split.images.method)
    }
  }
}

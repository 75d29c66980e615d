import Foundation
import ModelZoo
import TestSupport
import Testing

/// Options that nothing can be trained with are refused before an image is read.
@Suite struct TrainingOptionsTests {
  private static let head = Head { Dense(3, activation: .softmax) }

  private static func epochs(_ change: (inout EpochOptions) -> Void) -> Fit {
    var epochs = EpochOptions(count: 2)
    change(&epochs)
    return .epochs(epochs)
  }

  private static let refused: [(name: String, found: String, options: TrainingOptions)] = [
    ("epochs", "0", TrainingOptions(fit: .epochs(0))),
    ("epochs", "-1", TrainingOptions(fit: .epochs(-1))),
    ("batch size", "0", TrainingOptions(fit: .epochs(batchSize: 0))),
    ("batch size", "\(Int.min)", TrainingOptions(fit: .epochs(batchSize: .min))),
    ("steps per epoch", "0", TrainingOptions(fit: epochs { $0.stepsPerEpoch = 0 })),
    ("validation steps", "-1", TrainingOptions(fit: epochs { $0.validationSteps = -1 })),
    ("learning rate", "nan", TrainingOptions(fit: .epochs(optimizer: .adam(learningRate: .constant(.nan))))),
    ("momentum", "1.0", TrainingOptions(fit: .epochs(optimizer: .sgd(momentum: 1)))),
    ("learning rate", "-1.0", TrainingOptions(fit: epochs { $0.schedule = { _ in .constant(-1) } })),
    ("variants", "0", TrainingOptions(variants: 0)),
    ("variants", "\(Int.max)", TrainingOptions(variants: .max)),
    ("strength", "0.0", TrainingOptions(fit: .linear(LinearFit(strength: .fixed(0))))),
    ("folds", "1", TrainingOptions(fit: .linear(LinearFit(strength: .crossValidated(folds: 1))))),
    ("metrics", "auc twice", TrainingOptions(metrics: [.auc, .auc])),
  ]

  @Test func nothingIsComputedForWhatCannotBe() throws {
    try withTemporaryFolder { folder in
      let (backbone, photos) = try place(in: folder)
      let extraction = ExtractionOptions(observer: { _ in Issue.record("an image was read") })
      for (name, found, options) in Self.refused {
        #expect("\(name) \(found)") {
          try backbone.train(Self.head, on: photos, options: options, extraction: extraction)
        } throws: { error in
          guard case TrainingError.setting(name, _, found) = error else { return false }
          return "\(error)".hasPrefix("\(name): expected ")
        }
      }
    }
  }

  /// A batch, and steps, of more than there is are all there is.
  @Test func whatIsLargerThanTheDataIsAllOfIt() throws {
    try withTemporaryFolder { folder in
      let (backbone, photos) = try place(in: folder)
      let most = Self.epochs {
        ($0.batchSize, $0.stepsPerEpoch, $0.validationSteps) = (.max, .max, .max)
      }
      let split = try DatasetSplit(training: photos, validation: photos)
      let all = try backbone.train(
        Self.head, on: split, options: TrainingOptions(fit: .epochs(2, batchSize: 6)))
      let more = try backbone.train(Self.head, on: split, options: TrainingOptions(fit: most))
      #expect(more.history == all.history && more.head.parameters == all.head.parameters)
    }
  }

  @Test func checkpointsThatCannotBe() {
    #expect(throws: TrainingError.setting(name: "interval", expected: "1 or more epochs", found: "0")) {
      try ModelCheckpoint("c", interval: 0)
    }
    #expect(throws: TrainingError.setting(name: "threshold", expected: "a number", found: "nan")) {
      try ModelCheckpoint("c", threshold: .nan)
    }
  }

  private func place(in folder: URL) throws -> (Backbone, Dataset) {
    let photos = folder.appending(path: "photos")
    try DrawnImages.write(to: photos, perClass: 2)
    let backbone = try Backbone(
      contentsOf: SyntheticArchive.write("squeezenet", to: folder), options: BackboneOptions(size: 64))
    return (backbone, try Dataset(folder: photos.path))
  }
}

extension Trainer {
  /// Refuses numbers that no training can be run with, whatever the samples.
  package static func check(
    epochs: Int, batchSize: Int, stepsPerEpoch: Int?, validationSteps: Int?, validationBatchSize: Int?
  ) throws(TrainingError) {
    try Settings.check(epochs: epochs)
    try Settings.check(batchSize: batchSize)
    if let stepsPerEpoch { try Settings.check(steps: stepsPerEpoch, "steps per epoch") }
    if let validationSteps { try Settings.check(steps: validationSteps, "validation steps") }
    if let validationBatchSize { try Settings.check(steps: validationBatchSize, "validation batch size") }
  }
}

/// Checks of the numbers a training is run with.
enum Settings {
  static func check(batchSize: Int) throws(TrainingError) {
    guard batchSize >= 1 else {
      throw .setting(name: "batch size", expected: "1 or more", found: "\(batchSize)")
    }
  }

  static func check(steps: Int, _ name: String) throws(TrainingError) {
    guard steps >= 1 else { throw .setting(name: name, expected: "1 or more", found: "\(steps)") }
  }

  static func check(epochs: Int) throws(TrainingError) {
    guard epochs >= 1 else { throw .setting(name: "epochs", expected: "1 or more", found: "\(epochs)") }
  }

  static func check(_ name: String, _ value: Double, in range: Range<Double>) throws(TrainingError) {
    guard range.contains(value) else {
      throw .setting(
        name: name, expected: "\(range.lowerBound) up to but not including \(range.upperBound)",
        found: "\(value)")
    }
  }
}

extension Settings {
  static func check(count: Int, _ name: String) throws(TrainingError) {
    guard count >= 0 else { throw .setting(name: name, expected: "0 or more", found: "\(count)") }
  }

  static func check(finite name: String, _ value: Double) throws(TrainingError) {
    guard value.isFinite else {
      throw .setting(name: name, expected: "a finite number", found: "\(value)")
    }
  }

  static func check(learningRate: Double) throws(TrainingError) {
    guard learningRate > 0, learningRate.isFinite else {
      throw .setting(name: "learning rate", expected: "more than 0", found: "\(learningRate)")
    }
  }
}

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
  static func check(learningRate: Double) throws(TrainingError) {
    guard learningRate > 0, learningRate.isFinite else {
      throw .setting(name: "learning rate", expected: "more than 0", found: "\(learningRate)")
    }
  }
}

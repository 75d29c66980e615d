import Catalog
import Tensors

extension LinearFit {
  /// Refuses what no fit can come of.
  func check(_ head: Head, _ model: HeadModel, _ shape: TensorShape, _ classes: [Int]) throws(TrainingError) {
    try check(head)
    let count = try model.sampleCount(of: shape)
    guard count > 0 else { throw .setting(name: "features", expected: "1 sample or more", found: "none") }
    try Labels.classes(classes).check(
      samples: count, outputs: model.outputCount, loss: try Loss.suited(to: head))
    if case .crossValidated(_, let folds) = strength, folds > count {
      throw .setting(name: "folds", expected: "2 to \(count), the number of samples", found: "\(folds)")
    }
  }

  /// Refuses samples and folds that no cross-validation can come of: every class must be in more than one fold.
  func check(_ features: Tensor, _ classes: [Int], _ folds: [Int]) throws(TrainingError) {
    try checkNumbers()
    try Self.check(features, classes, folds)
  }

  /// Refuses samples and folds that no cross-validation can come of, whatever is fitted.
  static func check(_ features: Tensor, _ classes: [Int], _ folds: [Int]) throws(TrainingError) {
    let count = features.shape.dimensions.first ?? 0
    guard count > 0 else { throw .setting(name: "features", expected: "1 sample or more", found: "none") }
    for (place, found) in [("labels", classes.count), ("folds", folds.count)] where found != count {
      throw .count(place: place, expected: count, found: found)
    }
    var foldsOfClass: [Int: Set<Int>] = [:]
    for (index, (label, fold)) in zip(classes, folds).enumerated() {
      guard label >= 0 else { throw .label(index: index, expected: "a class from 0", found: "\(label)") }
      foldsOfClass[label, default: []].insert(fold)
    }
    let last = foldsOfClass.keys.max() ?? 0
    guard last > 0 else { throw .setting(name: "classes", expected: "2 or more", found: "1") }
    for label in 0...last where foldsOfClass[label, default: []].count < 2 {
      throw .setting(
        name: "folds", expected: "samples of class \(label) in 2 or more",
        found: "\(foldsOfClass[label, default: []].count)")
    }
  }

  private func checkNumbers() throws(TrainingError) {
    try Settings.check(positive: "tolerance", tolerance)
    guard maximumIterations >= 1 else {
      throw .setting(name: "maximum iterations", expected: "1 or more", found: "\(maximumIterations)")
    }
    switch strength {
    case .fixed(let value): try Settings.check(positive: "strength", value)
    case .crossValidated(let candidates, let folds):
      guard !candidates.isEmpty else {
        throw .setting(name: "strengths", expected: "1 or more", found: "none")
      }
      for candidate in candidates { try Settings.check(positive: "strength", candidate) }
      guard folds >= 2 else { throw .setting(name: "folds", expected: "2 or more", found: "\(folds)") }
    }
  }

  /// Refuses a head that is not one dense layer that ends in class probabilities, and numbers out of range.
  package func check(_ head: Head) throws(TrainingError) {
    try checkNumbers()
    let operations = head.layers.map(\.operation).filter { !($0 is Catalog.Flatten) }
    guard operations.count == 1, let dense = operations[0] as? Catalog.Dense, dense.useBias,
      dense.activation == .softmax && dense.units > 1 || dense.activation == .sigmoid && dense.units == 1
    else {
      throw .headOutput(
        expected: "of a linear head, dense(classes, softmax) or dense(1, sigmoid),", found: "\(head)",
        advice: "leave the other layers out, or train the head in epochs")
    }
  }
}

extension Settings {
  static func check(positive name: String, _ value: Double) throws(TrainingError) {
    guard value > 0, value.isFinite else {
      throw .setting(name: name, expected: "more than 0", found: "\(value)")
    }
  }
}

public import Tensors

/// Samples with their labels.
public struct Samples: Sendable {
  /// `[N, C]` or `[N, H, W, C]`, as the head was built for.
  public var features: Tensor
  /// One a sample.
  public var labels: Labels
  /// How much every sample's loss counts, 0 or more; nil for 1 each. A mean loss is the weighted sum over the
  /// number of samples, as Keras has it, not over the sum of weights; metrics know no weights.
  public var weights: [Float]?

  /// Puts features and labels together; whether they fit is checked where they are used.
  public init(_ features: Tensor, _ labels: Labels, weights: [Float]? = nil) {
    self.features = features
    self.labels = labels
    self.weights = weights
  }

  static func check(weights: [Float]?, count: Int) throws(TrainingError) {
    guard let weights else { return }
    guard weights.count == count else {
      throw .count(place: "sample weights", expected: count, found: weights.count)
    }
    for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
      throw .setting(name: "weight of sample \(index)", expected: "0 or more", found: "\(weight)")
    }
  }
}

/// How much the samples of every class count while a head trains on them.
public enum ClassWeights: Hashable, Sendable {
  /// So much that every class counts alike: `samples / (classes * samples of the class)`, over the classes that
  /// there are. scikit-learn's `compute_class_weight("balanced")`.
  case balanced
  /// A weight a class, by number; classes that are not named count 1. Keras's `class_weight`.
  case given([Int: Double])

  /// A weight a class, by name.
  ///
  /// - Parameters:
  ///   - weights: 0 or more; classes that are not named count 1.
  ///   - classes: the names of all classes, in the order of their numbers.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for the name of no class.
  public static func named(_ weights: [String: Double], of classes: [String]) throws(TrainingError)
    -> ClassWeights
  {
    var byNumber: [Int: Double] = [:]
    for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
      guard let number = classes.firstIndex(of: name) else {
        throw .setting(
          name: "class weights", expected: "classes out of \(classes.joined(separator: ", "))", found: name)
      }
      byNumber[number] = weight
    }
    return .given(byNumber)
  }

  /// A weight a class, in the order of their numbers.
  ///
  /// - Parameters:
  ///   - weights: 0 or more, one a class.
  ///   - classes: the names of all classes.
  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for fewer or more weights than classes.
  public static func inOrder(_ weights: [Double], of classes: [String]) throws(TrainingError) -> ClassWeights
  {
    guard weights.count == classes.count else {
      throw .setting(
        name: "class weights", expected: "\(classes.count) weights, for \(classes.joined(separator: ", "))",
        found: "\(weights.count)")
    }
    return .given(Dictionary(uniqueKeysWithValues: weights.enumerated().map { ($0.offset, $0.element) }))
  }

  /// The weight of every class that `classes` names, or that was given.
  public func weights(of classes: [Int]) -> [Int: Double] {
    guard case .balanced = self else {
      if case .given(let weights) = self { return weights }
      return [:]
    }
    let counts = Dictionary(classes.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.mapValues { Double(classes.count) / (Double(counts.count) * Double($0)) }
  }

  /// The weight of every sample.
  func sampleWeights(of labels: Labels) throws(TrainingError) -> [Float] {
    let classes = labels.classes
    let weights = weights(of: classes)
    for (label, weight) in weights where !(weight >= 0 && weight.isFinite) {
      throw .setting(name: "weight of class \(label)", expected: "0 or more", found: "\(weight)")
    }
    return classes.map { Float(weights[$0] ?? 1) }
  }
}

public import Datasets

/// Features in place of the images of a `DatasetSplit`: training, validation and test rows.
///
/// Images are dealt to the parts as they would be if they were read: with the same split and seed the same rows come into the same part,
/// in the same order.
///
/// ```swift
/// let set = try FeatureSet(contentsOf: "features")
/// let split = try FeatureSplit(training: set, holdback: ValidationSplit(fraction: 0.2, seed: 7))
/// ```
public struct FeatureSplit: Sendable {
  /// The training rows.
  public let training: FeatureSet
  /// The validation rows, evaluated after every epoch; nil for none.
  public let validation: FeatureSet?
  /// The test rows, for the finished model; nil for none.
  public let test: FeatureSet?
  /// The images that they are of, also those without features, by name: they cannot be read.
  public let images: DatasetSplit

  /// Combines parts, or deals one set.
  ///
  /// Of a set of images that were in folders for parts, `train`, `val` and `test`, its rows are dealt by those.
  ///
  /// - Parameters:
  ///   - training: the rows to train on, or all.
  ///   - validation: the rows to validate on; nil for a part of `training`, or for none.
  ///   - test: the rows to test on; nil for a part of `training`, or for none.
  ///   - holdback: the validation split to take from `training`; nil for none.
  /// - Throws: ``FeatureFileError/unlabelled(path:)``, ``FeatureFileError/otherFeatures(path:other:differences:)`` for parts that were not
  ///   computed alike, and what combining and splitting data sets throws.
  public init(
    training: FeatureSet, validation: FeatureSet? = nil, test: FeatureSet? = nil,
    holdback: ValidationSplit? = nil
  ) throws {
    for part in [training, validation, test].compactMap(\.self) {
      try part.checkLabels()
      try part.check(like: training)
    }
    let folders = Dataset.parts(named: training.rows.files, classes: training.rows.classNames)
    let part = { (part: DatasetPart) in folders?[part].map { training.keeping($0) } }
    let whole = part(.training) ?? training
    let (validation, test) = (validation ?? part(.validation), test ?? part(.test))
    if let validation, holdback != nil { throw DatasetError.twoValidations(place: validation.path) }
    let images = whole.images
    try images.refusePartsAsClasses()
    self.test = test
    guard let holdback else {
      (self.training, self.validation) = (whole, validation)
      self.images = try DatasetSplit(training: images, validation: validation?.images, test: test?.images)
      return
    }
    let halves = try images.halves(by: holdback)
    self.training = whole.keeping(listed: halves.training)
    self.validation = whole.keeping(listed: halves.validation)
    let split = try images.split(by: holdback)
    self.images = try DatasetSplit(
      training: split.training, validation: split.validation, test: test?.images, method: holdback)
  }

  /// The requested part; nil if there is none.
  public subscript(part: DatasetPart) -> FeatureSet? {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// The parts there are, in their order.
  public var parts: [(part: DatasetPart, features: FeatureSet)] {
    DatasetPart.allCases.compactMap { part in self[part].map { (part, $0) } }
  }
}

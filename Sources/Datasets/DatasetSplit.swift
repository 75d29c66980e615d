import Encoding

/// A part of a data set; the names are Keras's.
public enum DatasetPart: String, Hashable, Sendable, CaseIterable {
  /// The training images.
  case training
  /// Validation.
  case validation
  /// Test.
  case test
}

/// How a validation part was split off.
public struct ValidationSplit: Hashable, Sendable, Codable {
  /// The fraction of the images that is held back, in (0, 1); nil where so many are to be trained on.
  public let fraction: Double?
  /// How many images are to be trained on; nil where a fraction is held back.
  public let trainingCount: Int?
  /// Which images it is.
  public let rule: SplitRule
  /// What draws them, where the rule draws.
  public let seed: UInt64

  /// Describes a split; the fraction is checked when the split is made.
  public init(fraction: Double, rule: SplitRule = .drawn, seed: UInt64 = 0) {
    (self.fraction, trainingCount, self.rule, self.seed) = (fraction, nil, rule, seed)
  }

  /// Describes a split after so many images, shuffled as ``SplitRule/dataset`` shuffles them: the first are for training, the
  /// others for validation.
  public init(trainingCount: Int, seed: UInt64 = 0) {
    (fraction, self.trainingCount, rule, self.seed) = (nil, trainingCount, .dataset, seed)
  }
}

/// The parts of a data set: training, validation and test images.
///
/// Made once for a run and shared by everything in it. All parts have the same classes.
public struct DatasetSplit: Hashable, Sendable {
  /// The training images.
  public let training: Dataset
  /// The validation images, evaluated after every epoch; nil for none.
  public let validation: Dataset?
  /// The test images, for the finished model; nil for none.
  public let test: Dataset?
  /// How the validation part was split off; nil if none was.
  public let method: ValidationSplit?

  private let notes: [DatasetDiagnostic]

  /// Combines parts that were listed separately. Classes are told by their names: a part that has the same ones in another order is put
  /// in that of the training images, which is said.
  ///
  /// - Throws: ``DatasetError/otherClasses(place:expected:found:)`` when the parts do not have the same classes.
  public init(training: Dataset, validation: Dataset? = nil, test: Dataset? = nil) throws(DatasetError) {
    let matched = { (part: Dataset) throws(DatasetError) -> Dataset in
      guard part.classes != training.classes else { return part }
      guard let arranged = part.arranged(in: training.classes) else {
        throw .otherClasses(place: part.place, expected: training.classes, found: part.classes)
      }
      return arranged
    }
    self.init(training, try validation.map(matched), test: try test.map(matched))
  }

  /// The same parts with what is known of how they came about.
  init(_ split: DatasetSplit, method: ValidationSplit?, notes: [DatasetDiagnostic]) {
    self.init(split.training, split.validation, test: split.test, method: method, notes: notes)
  }

  private init(
    _ training: Dataset, _ validation: Dataset?, test: Dataset? = nil, method: ValidationSplit? = nil,
    notes: [DatasetDiagnostic] = []
  ) {
    (self.training, self.validation, self.test) = (training, validation, test)
    (self.method, self.notes) = (method, notes)
  }

  /// A data set that is used for training as a whole.
  public static func whole(_ dataset: Dataset) -> DatasetSplit { DatasetSplit(dataset, nil) }

  /// The same parts with their classes in another order; see ``Dataset/arranged(in:)``.
  public func arranged(in names: [String]) -> DatasetSplit? {
    guard let training = training.arranged(in: names) else { return nil }
    return DatasetSplit(
      training, validation?.arranged(in: names), test: test?.arranged(in: names), method: method, notes: notes
    )
  }

  /// The requested part; nil if there is none.
  public subscript(part: DatasetPart) -> Dataset? {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// The parts there are, in their order.
  public var parts: [(part: DatasetPart, images: Dataset)] {
    DatasetPart.allCases.compactMap { part in self[part].map { (part, $0) } }
  }

  /// The lines that Keras prints for a data set and its parts.
  public var foundLines: [String] {
    guard method != nil, let validation else { return parts.map(\.images.foundLine) }
    let count = training.items.count + validation.items.count
    return [
      "Found \(count) images belonging to \(training.classes.count) classes.",
      "Using \(counted(training.items.count, "image")) for training.",
      "Using \(counted(validation.items.count, "image")) for validation.",
    ] + [test?.foundLine].compactMap(\.self)
  }

  /// Notes and warnings of the listings.
  public var diagnostics: [DatasetDiagnostic] { notes + parts.flatMap(\.images.diagnostics) }

  /// The two halves of `dataset`; see ``Dataset/split(by:)``.
  init(_ dataset: Dataset, _ method: ValidationSplit) throws(DatasetError) {
    let halves = try dataset.halves(by: method)
    self.init(
      dataset.keeping(halves.training, diagnostics: dataset.diagnostics), dataset.keeping(halves.validation),
      method: method)
  }

  /// Combines parts, of which those for training and validation were split by `method`.
  ///
  /// - Throws: what combining parts throws that were listed separately.
  package init(
    training: Dataset, validation: Dataset?, test: Dataset?, method: ValidationSplit?
  ) throws(DatasetError) {
    self.init(
      try DatasetSplit(training: training, validation: validation, test: test), method: method, notes: [])
  }
}

extension Dataset {
  /// The indices of the images to train on, and of those that `method` holds back, each in their order.
  ///
  /// - Throws: what ``split(by:)`` throws.
  package func halves(
    by method: ValidationSplit
  ) throws(DatasetError) -> (training: [Int], validation: [Int]) {
    try method.check(self)
    var isHeldBack = [Bool](repeating: false, count: items.count)
    for index in heldBack(by: method) { isHeldBack[index] = true }
    let halves = [false, true].map { side in items.indices.filter { isHeldBack[$0] == side } }
    for (part, half) in zip([DatasetPart.training, .validation], halves)
    where half.isEmpty && !items.isEmpty {
      throw .emptyPart(place: place, fraction: method.fraction ?? 0, count: items.count, part: part)
    }
    return (halves[0], halves[1])
  }
}

extension Dataset {
  /// Splits off a fraction of the images for validation; both parts keep the order of the images, and together they
  /// have every image once.
  ///
  /// - Parameters:
  ///   - fraction: the fraction for validation, above 0 and below 1.
  ///   - rule: which images are taken.
  ///   - seed: the seed of the draw, for rules that draw.
  /// - Throws: ``DatasetError/fraction(found:)`` for any other number, and
  ///   ``DatasetError/emptyPart(place:fraction:count:part:)`` where one half would be empty.
  public func split(
    validation fraction: Double, rule: SplitRule = .drawn, seed: UInt64 = 0
  ) throws(DatasetError) -> DatasetSplit {
    try split(by: ValidationSplit(fraction: fraction, rule: rule, seed: seed))
  }

  /// Splits off the images that `method` holds back for validation; both parts keep the order of the images.
  ///
  /// ```swift
  /// let split = try dataset.split(by: ValidationSplit(trainingCount: 646, seed: 2))
  /// ```
  ///
  /// - Throws: what ``split(validation:rule:seed:)`` throws, and ``DatasetError/trainingCount(place:found:images:)``.
  public func split(by method: ValidationSplit) throws(DatasetError) -> DatasetSplit {
    try DatasetSplit(self, method)
  }
}

extension ValidationSplit: CustomStringConvertible {
  /// What decides on it, in words: `a fraction of 0.2, drawn, seed 1`.
  public var description: String {
    let part = trainingCount.map { "\($0.grouped) to train on" } ?? "a fraction of \(fraction ?? 0)"
    return "\(part), \(rule.rawValue)" + (rule == .generator ? "" : ", seed \(seed)")
  }
}

extension ValidationSplit {
  /// Refuses numbers that leave no image, or no number at all.
  fileprivate func check(_ dataset: Dataset) throws(DatasetError) {
    if let fraction, !(fraction > 0 && fraction < 1) { throw .fraction(found: fraction) }
    let count = dataset.items.count
    if let trainingCount, !(1..<max(1, count)).contains(trainingCount) {
      throw .trainingCount(place: dataset.place, found: trainingCount, images: count)
    }
  }
}

import Datasets
import Training

/// The classes of images, those without any left out, and the folds of a cross-validation.
struct Folds {
  /// The names of the classes that have images.
  let classes: [String]
  /// For every image the index of its class in ``classes``.
  let labels: [Int]
  /// The fold of every image.
  let folds: [Int]
  /// The classes whose images are all in one fold, as indices of ``classes``: no head can judge them that was fitted without them.
  let undivided: [Int]

  /// Deals images to folds: every fold gets its share of every class, and copies of an image come into one fold, so that no
  /// image is judged by a head that was fitted on a copy of it.
  ///
  /// - Parameters:
  ///   - labels: for every image the index of its class in `names`.
  ///   - groups: images of one number are copies of one another.
  /// - Throws: `TrainingError` for a number of folds that is below 2 or above that of the images.
  init(_ labels: [Int], of names: [String], groups: [Int], count: Int, seed: UInt64) throws {
    let present = Set(labels).sorted()
    classes = present.map { names[$0] }
    try Self.check(count, images: labels.count)
    let places = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($0.element, $0.offset) })
    let compact = labels.map { places[$0] ?? 0 }
    let folds = LinearFit.folds(of: compact, groups: groups, count: count, seed: seed)
    var foldsOfClass = [Set<Int>](repeating: [], count: present.count)
    for (label, fold) in zip(compact, folds) { foldsOfClass[label].insert(fold) }
    undivided = foldsOfClass.indices.filter { foldsOfClass[$0].count < 2 }
    (self.labels, self.folds) = (compact, folds)
  }

  /// Refuses a number of folds that is below 2 or above that of the images.
  static func check(_ count: Int, images: Int) throws(TrainingError) {
    guard count < 2 || count > max(2, images) else { return }
    throw .setting(
      name: "folds", expected: images > 2 ? "2 to \(images), as there are \(images) images" : "2",
      found: "\(count)")
  }

  /// For every one of `count` images a number that it shares with its copies alone.
  static func numbers(_ groups: [[Int]], count: Int) -> [Int] {
    var numbers = Array(0..<count)
    for group in groups {
      for index in group { numbers[index] = group[0] }
    }
    return numbers
  }
}

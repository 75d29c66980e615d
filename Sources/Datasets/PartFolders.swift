import Encoding

/// A folder whose sub-folders are no classes but the parts of a data set: `train`, `val`, `test`.
public struct PartFolders: Hashable, Sendable {
  /// The folder that the parts are in.
  public let place: String
  /// The folder of training images.
  public let training: String
  /// The folder of validation images; nil if there is none.
  public let validation: String?
  /// The folder of test images; nil if there is none.
  public let test: String?

  /// The parts of the folder at `path`; nil when its sub-folders are anything else, or have no sub-folders.
  ///
  /// Names mean parts by what tells them apart: `train` and `val`, `training_set` and `test_set`, `seg_train`, `seg_test` and
  /// `seg_pred`. A folder inside a part that alone is in it, and means the same, is the part.
  public init?(_ path: String) {
    guard let names = try? FolderWalk(followsLinks: false).subfolders(of: path).shown, names.count > 1 else {
      return nil
    }
    let words = names.map(Self.words)
    let common = words.dropFirst().reduce(Set(words[0])) { $0.intersection($1) }
    var parts: [DatasetPart: String] = [:]
    for (name, words) in zip(names, words) {
      let telling = words.filter { !common.contains($0) && !Self.fillers.contains($0) }
      if telling.count == 1, Self.unlabelled.contains(telling[0]) { continue }
      guard telling.count == 1,
        let part = DatasetPart.allCases.first(where: { $0.words.contains(telling[0]) }),
        parts.updateValue(Self.innermost(FolderWalk.join(path, name), part), forKey: part) == nil
      else { return nil }
    }
    guard let training = parts[.training], parts.count > 1, Self.hasClasses(training) else { return nil }
    (self.training, validation, test) = (training, parts[.validation], parts[.test])
    place = path
  }

  /// The folder of a part; nil if there is none.
  public subscript(part: DatasetPart) -> String? {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// The part to measure a model of such classes on: the test part, or else the validation part, that has one of them.
  ///
  /// - Returns: the training part where neither has.
  public func measuring(classes: [String]) -> DatasetPart {
    let names = Set(classes)
    return [.test, .validation].first { part in
      guard let folder = self[part] else { return false }
      let found = try? FolderWalk(followsLinks: false).subfolders(of: folder).shown
      return found?.contains { names.contains($0.escapingBytes) } ?? false
    } ?? .training
  }

  /// A part, or the folder of its name that alone is in it, as archives are often packed: `seg_train/seg_train`.
  private static func innermost(_ path: String, _ part: DatasetPart) -> String {
    guard let names = try? FolderWalk(followsLinks: false).subfolders(of: path).shown, names.count == 1,
      words(names[0]).contains(where: part.words.contains), hasClasses(FolderWalk.join(path, names[0]))
    else { return path }
    return FolderWalk.join(path, names[0])
  }

  /// The words of a name in small letters, those that are written as one taken apart: `TrainSet` is `train` and `set`.
  private static func words(_ name: String) -> [String] {
    var words: [String] = []
    var word = ""
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    var previous: Character = " "
    for character in name {
      let begins = character.isUppercase && previous.isLowercase
      if begins || !character.isLetter || previous.isNumber { end() }
      if character.isLetter { word += character.lowercased() }
      previous = character
    }
    end()
    return words.flatMap { word in
      let ending = fillers.first { word.hasSuffix($0) && allWords.contains(String(word.dropLast($0.count))) }
      return ending.map { [String(word.dropLast($0.count)), $0] } ?? [word]
    }
  }

  /// What names of parts say besides.
  private static let fillers: Set = [
    "set", "data", "dataset", "images", "image", "imgs", "img", "photos", "pictures", "folder", "dir",
    "split", "part",
    "samples",
  ]
  /// Parts without classes, which nothing can be learnt from or measured by.
  private static let unlabelled: Set = ["pred", "predict", "prediction", "unlabeled", "unlabelled"]
  private static let allWords = DatasetPart.allCases.reduce(into: Set<String>()) { $0.formUnion($1.words) }

  private static func hasClasses(_ path: String) -> Bool {
    let names = try? FolderWalk(followsLinks: false).subfolders(of: path).shown
    return names.map { !$0.isEmpty } ?? false
  }
}

extension DatasetPart {
  fileprivate var words: Set<String> {
    switch self {
    case .training: ["train", "training", "trn"]
    case .validation: ["val", "valid", "validation", "dev", "eval", "evaluation"]
    case .test: ["test", "testing", "tst", "holdout"]
    }
  }
}

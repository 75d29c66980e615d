import Encoding

/// A folder, or an archive, whose sub-folders are no classes but the parts of a data set: `train`, `val`, `test`.
public struct PartFolders: Hashable, Sendable {
  /// The folder that the parts are in.
  public let place: String
  /// The folder of training images.
  public let training: String
  /// The folder of validation images; nil if there is none.
  public let validation: String?
  /// The folder of test images; nil if there is none.
  public let test: String?

  /// The folders beside the parts, as people are shown them: they are left aside.
  public let others: [String]

  private let walk: FolderWalk

  /// The parts of the folder at `path`; nil when its sub-folders are anything else, or have no sub-folders.
  ///
  /// Names mean parts by what tells them apart: `train` and `val`, `training_set` and `test_set`, `seg_train`, `seg_test` and
  /// `seg_pred`. One part is enough where all folders beside it say that they have no classes: `train` and `unlabeled`, and then
  /// `labeled` is the part. A folder
  /// inside a part that alone is in it, and means the same, is the part. Folders of other names beside them are left aside (``others``).
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - classes: the classes that are asked for; where the folder has a sub-folder for each of them, they are the
  ///     classes, whatever their names mean. Nil where none are asked for.
  /// - Throws: ``DatasetError/severalParts(place:part:folders:)`` where two folders mean the same part.
  public init?(_ path: String, classes: [String]? = nil) throws(DatasetError) {
    guard let place = try? FolderPlace(path, classes: classes) else { return nil }
    let (path, walk) = (place.path, place.walk())
    guard let names = try? walk.subfolders(of: path).shown, names.count > 1 else { return nil }
    if let classes, !classes.isEmpty, Set(classes).isSubset(of: names.map(\.escapingBytes)) { return nil }
    let meanings = Self.meanings(of: names) + Self.labelled(among: names)
    var parts: [DatasetPart: [String]] = [:]
    for (name, part) in meanings {
      parts[part, default: []].append(walk.innermost(FolderWalk.join(path, name), part))
    }
    let namesOfParts = Set(meanings.map(\.name))
    let beside = names.filter { !namesOfParts.contains($0) }
    guard parts.count > 1 || beside.allSatisfy(Self.isUnlabelled),
      parts[.training, default: []].contains(where: walk.hasClasses)
    else { return nil }
    for part in DatasetPart.allCases where parts[part, default: []].count > 1 {
      let folders = meanings.filter { $0.part == part }.map { $0.name.escapingBytes }
      throw .severalParts(place: path, part: part, folders: folders)
    }
    guard let training = parts[.training]?.first else { return nil }
    (self.training, validation, test) = (training, parts[.validation]?.first, parts[.test]?.first)
    others = beside.map(\.escapingBytes)
    self.place = path
    self.walk = walk
  }

  /// The names that mean parts of a data set, each with its part; words that all of those share mean nothing.
  static func meanings(of names: [String]) -> [(name: String, part: DatasetPart)] {
    let candidates = names.map { (name: $0, words: words($0)) }.filter {
      $0.words.contains(where: allWords.contains)
    }
    guard let first = candidates.first else { return [] }
    let common = candidates.reduce(Set(first.words)) { $0.intersection($1.words) }.subtracting(allWords)
    return candidates.compactMap { name, words in
      let telling = words.filter { !common.contains($0) && !fillers.contains($0) }
      guard telling.count == 1 else { return nil }
      return DatasetPart.allCases.first { $0.words.contains(telling[0]) }.map { (name, $0) }
    }
  }

  /// The folder of training images that is called after its classes being known, as `labeled` beside `unlabeled`, or `train_labeled`
  /// beside `train_unlabeled`.
  private static func labelled(among names: [String]) -> [(name: String, part: DatasetPart)] {
    let others = Set(names.filter(isUnlabelled).map { words($0).filter { !unlabelled.contains($0) } })
    let known = names.filter { name in
      let own = words(name)
      let rest = own.filter { !["labeled", "labelled"].contains($0) }
      return rest.count + 1 == own.count && others.contains(rest)
    }
    let isPart = Set(meanings(of: names).map(\.part)).contains(.training)
    return isPart || known.count != 1 ? [] : known.map { ($0, .training) }
  }

  /// Whether folders or classes of these names, two or more, mean different parts, and none means anything else.
  static func areAllParts(_ names: [String]) -> Bool {
    let meanings = meanings(of: names)
    return meanings.count == names.count && Set(meanings.map(\.part)).count > 1
  }

  /// What one should know of what lies beside the parts: folders that are left aside, and images in none of them.
  public var diagnostics: [DatasetDiagnostic] {
    guard let found = try? walk.subfolders(of: place) else { return [] }
    let isAside = Set(others)
    let holdImages = found.shown.contains { name in
      guard isAside.contains(name.escapingBytes), !Self.isUnlabelled(name) else { return false }
      return (try? walk.contents(below: FolderWalk.join(place, name)))?.images.isEmpty == false
    }
    return (others.isEmpty ? [] : [.besideParts(place: place, names: others, holdImages: holdImages)])
      + DatasetDiagnostic.stray(found.images, in: place)
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
      let found = try? walk.subfolders(of: folder).shown
      return found?.contains { names.contains($0.escapingBytes) } ?? false
    } ?? .training
  }

  /// The words of a name in small letters, those that are written as one taken apart: `TrainSet` is `train` and `set`.
  fileprivate static func words(_ name: String) -> [String] {
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
  private static func isUnlabelled(_ name: String) -> Bool {
    words(name).contains(where: unlabelled.contains)
  }
  private static let allWords = DatasetPart.allCases.reduce(into: Set<String>()) { $0.formUnion($1.words) }
}

extension PartFolders {
  /// Whether both say the same of one place.
  public static func == (one: PartFolders, other: PartFolders) -> Bool { one.names == other.names }

  /// Adds all folders.
  public func hash(into hasher: inout Hasher) { hasher.combine(names) }

  private var names: [String?] { [place, training, validation, test] + others }
}

extension FolderWalk {
  /// A part, or the folder of its name that alone is in it, as archives are often packed: `seg_train/seg_train`.
  fileprivate func innermost(_ path: String, _ part: DatasetPart) -> String {
    guard let names = try? subfolders(of: path).shown, names.count == 1,
      PartFolders.words(names[0]).contains(where: part.words.contains), hasClasses(Self.join(path, names[0]))
    else { return path }
    return Self.join(path, names[0])
  }

  fileprivate func hasClasses(_ path: String) -> Bool {
    (try? subfolders(of: path).shown.isEmpty == false) ?? false
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

import Foundation
import ModelZoo
import Reports

/// How pictures are found and what becomes of their classes, by Keras's names.
struct DataParameters {
  private let classes = Option.optional(
    "classes", value: "A,B,C", .text,
    help: "take these classes, labelled in this order (default: all, sorted)")
  private let classMode = Option.optional(
    "class-mode", value: "MODE", .choice(of: ClassMode.self),
    help: "refuse data or a head that this kind of label does not suit")
  private let followLinks = Flag(
    "follow-links", help: "enter links to folders inside a class; Keras does not")
  private let fileColumn = Option(
    "x-col", value: "NAME", .text, default: "filename", help: "a manifest's column of files")
  private let labelColumn = Option(
    "y-col", value: "NAME", .text, default: "class", help: "a manifest's column of classes")
  private let directory = Option.optional(
    "directory", value: "DIR", .text, help: "where a manifest's files are (default: beside it)")

  var parameters: [any Parameter] {
    [classes, classMode, followLinks, fileColumn, labelColumn, directory]
  }

  /// - Parameters:
  ///   - weight: a manifest's column of weights.
  ///   - usual: the classes to take where none are given; nil for all.
  func options(_ arguments: Arguments, weight: String? = nil, classes usual: [String]? = nil)
    -> ListingOptions
  {
    let names = arguments[classes]?.split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let labels = arguments[classMode] == ClassMode.none ? nil : arguments[labelColumn]
    return ListingOptions(
      classes: names ?? usual, followsLinks: arguments[followLinks],
      columns: ImageManifest.Columns(file: arguments[fileColumn], label: labels, weight: weight),
      directory: arguments[directory])
  }

  func classMode(_ arguments: Arguments) -> ClassMode? { arguments[classMode] }

  /// Lists a folder or a manifest; says which of a manifest's rows are left out.
  func folder(
    _ path: String, _ arguments: Arguments, _ console: Console, weight: String? = nil,
    classes: [String]? = nil
  ) throws -> ImageFolder {
    let options = options(arguments, weight: weight, classes: classes)
    guard ImageManifest.isManifest(path) else { return try ImageFolder(listing: path, options: options) }
    let manifest = try ImageManifest(
      contentsOf: path, columns: options.columns, directory: options.directory, classes: options.classes)
    if let first = manifest.ignoredFiles.first {
      let files = counted(manifest.ignoredFiles.count, "file")
      console.warn("\(path): left out \(files), not there or no pictures; the first: \(first)")
    }
    if manifest.otherRowCount > 0 {
      console.warn("\(path): left out \(counted(manifest.otherRowCount, "row")) of other classes")
    }
    return manifest.folder
  }
}

/// Which part of the pictures is held back for validation.
struct SplitParameters {
  private let fraction = Option.optional(
    "validation-split", value: "F", .number(in: 0.01...0.99),
    help: "hold back this part of the pictures for validation")
  private let rule = Option(
    "split", value: "RULE", .choice(of: SplitRule.self), default: .drawn,
    help:
      "which part: drawn from each class by the seed, or as Keras's ImageDataGenerator or image_dataset_from_directory hold it back"
  )

  var parameters: [any Parameter] { [fraction, rule] }

  func fraction(_ arguments: Arguments) -> Double? { arguments[fraction] }

  func rule(_ arguments: Arguments) -> SplitRule { arguments[rule] }
}

/// Pictures to read: all that were named, or one part of a split.
struct PictureParameters {
  private let data = DataParameters()
  private let split = SplitParameters()
  private let subset = Option.optional(
    "subset", value: "PART", .choice(of: DataSubset.self), help: "only this part of the split")
  private let seed: Option<Int>

  /// - Parameter seed: the verb's own option, where it has one.
  init(seed: Option<Int> = Common.seed) { self.seed = seed }

  var parameters: [any Parameter] { data.parameters + split.parameters + [subset] }

  /// - Throws: `UsageError` for one of `--subset` and `--validation-split` without the other.
  func list(_ words: [String], _ arguments: Arguments, _ console: Console) throws -> PictureList {
    let options = data.options(arguments)
    if let mode = data.classMode(arguments), mode != .none, let path = words.first, words.count == 1 {
      try PictureList.classes(in: path, options)?.check(mode)
    }
    guard split.fraction(arguments) != nil, words.count == 1 else {
      try checkSplit(arguments, folders: words.count)
      let list = try PictureList(words, options: options)
      return data.classMode(arguments) == ClassMode.none ? list.withoutClasses : list
    }
    return PictureList(try folder(words[0], arguments, console))
  }

  /// One folder or manifest, or one part of its split, by class.
  ///
  /// - Parameter classes: those to take where the command line names none; nil for all.
  /// - Throws: `UsageError` for one of `--subset` and `--validation-split` without the other.
  func folder(_ path: String, _ arguments: Arguments, _ console: Console, classes: [String]? = nil) throws
    -> ImageFolder
  {
    try checkSplit(arguments, folders: 1)
    let folder = try data.folder(path, arguments, console, classes: classes)
    if let mode = data.classMode(arguments) { try folder.check(mode) }
    guard let fraction = split.fraction(arguments), let subset = arguments[subset] else { return folder }
    return folder.split(
      validation: fraction, rule: split.rule(arguments), seed: UInt64(arguments[seed]))[subset]
  }

  private func checkSplit(_ arguments: Arguments, folders: Int) throws(UsageError) {
    if split.fraction(arguments) == nil, arguments[subset] != nil {
      throw .conflict("--subset: needs --validation-split F, the part that is held back")
    }
    if split.fraction(arguments) != nil, arguments[subset] == nil || folders != 1 {
      throw .conflict("--validation-split: needs --subset and one folder or manifest")
    }
  }
}

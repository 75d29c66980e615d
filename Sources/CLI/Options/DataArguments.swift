import Foundation
import ModelZoo
import Reports

/// How images are found and what becomes of their classes, by Keras's names.
struct DataArguments {
  private let classes = Option.optional(
    "classes", value: "A,B,C", .text,
    help: "use only these classes, in this order (default: all, sorted)")
  private let classMode = Option.optional(
    "class-mode", value: "MODE", .choice(of: ClassMode.self),
    help: "check that data and head suit this kind of label")
  private let followLinks = Flag(
    "follow-links", help: "follow symbolic links to folders inside a class; Keras does not")
  private let fileColumn = Option.optional(
    "x-col", value: "NAME", .text,
    help: "the manifest's column of files (default: filename, or another usual name)")
  private let labelColumn = Option.optional(
    "y-col", value: "NAME", .text,
    help: "the manifest's column of classes (default: class, or another usual name)")
  private let separator = Option.optional(
    "sep", value: "CHAR", .separator,
    help: "what stands between the manifest's fields: a character, or tab (default: found in it)")
  private let directory = Option.optional(
    "directory", value: "DIR", .text,
    help: "the folder or archive of the manifest's files (default: the manifest's own folder)"
  )

  var declarations: [any CommandArgument] {
    [classes, classMode, followLinks, fileColumn, labelColumn, separator, directory]
  }

  /// Those that say which files are images of which class: all but the kind of labels.
  var declarationsOfFiles: [any CommandArgument] {
    [classes, followLinks, fileColumn, labelColumn, separator, directory]
  }

  /// - Parameters:
  ///   - weight: a manifest's column of weights.
  ///   - usual: the classes of a model, to take where none are given; some may have no images. Nil for all.
  func options(_ arguments: Arguments, weight: String? = nil, classes usual: [String]? = nil)
    -> ListingOptions
  {
    let names = arguments[classes]?.split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    var columns = ManifestColumns(weight: weight, separator: arguments[separator])
    if let name = arguments[fileColumn] { columns.file = name }
    if let name = arguments[labelColumn] { columns.label = name }
    if arguments[classMode] == ClassMode.none { columns.label = nil }
    var options = ListingOptions(
      classes: names ?? usual, followsLinks: arguments[followLinks],
      columns: columns, directory: arguments[directory])
    options.allowsMissingClasses = names == nil && usual != nil
    return options
  }

  func classMode(_ arguments: Arguments) -> ClassMode? { arguments[classMode] }

  /// Whether images have the classes that are beside them in archives, of which each process lists its own.
  ///
  /// - Throws: `UsageError` for options that nobody can follow before all are listed.
  func keepsClasses(ofDealtArchives arguments: Arguments) throws(UsageError) -> Bool {
    let others = declarations.filter { $0.declaration.name != classMode.declaration.name }
    let isNone = arguments[classMode] == ClassMode.none
    let refused =
      others.first(where: arguments.isGiven) ?? (arguments.isGiven(classMode) && !isNone ? classMode : nil)
    if let refused {
      throw .conflict(
        "\(refused.declaration.label): which images and classes there are is not known before all archives are listed; list them "
          + "(zoo listing), or leave out this option or --shard-by")
    }
    return !isNone
  }

  /// Refuses what is said of a manifest where none is named.
  func check(_ arguments: Arguments, of places: [String]) throws(UsageError) {
    guard !places.contains(where: Dataset.isManifest) else {
      return try checkManifests(places.filter(Dataset.isManifest), arguments)
    }
    let given = [fileColumn, labelColumn, directory].filter { arguments[$0] != nil }.map(\.declaration)
    if let option = given.first ?? (arguments[separator] == nil ? nil : separator.declaration) {
      throw .conflict(
        "\(option.label): needs a manifest (.csv, .tsv, .jsonl); found \(places.joined(separator: ", "))"
      )
    }
  }

  /// Refuses what such manifests leave nothing to say of.
  private func checkManifests(_ manifests: [String], _ arguments: Arguments) throws(UsageError) {
    if arguments.isGiven(separator), !manifests.contains(where: Dataset.hasSeparators) {
      throw .conflict("\(separator.declaration.label): JSON lines have no separators; leave it out")
    }
    let options: [any CommandArgument] = [fileColumn, labelColumn, separator, directory]
    guard let option = options.first(where: arguments.isGiven), manifests.allSatisfy(Listing.isListing) else {
      return
    }
    throw .conflict(
      "\(option.declaration.label): has no effect on \(manifests[0]), a listing that says where its files are; leave it out, or "
        + "delete \(Listing.indexPath(of: manifests[0])) to read it as any manifest")
  }

  /// Refuses standard input, whose images have no classes and are no part of a data set.
  static func refuseStandardInput(of places: [String]) throws(UsageError) {
    guard places.contains("-") else { return }
    throw .conflict(
      "-: standard input is read by zoo listing, zoo features and zoo predict alone; expected a folder, an archive or a "
        + "manifest of images with their classes (./- is a folder named -)")
  }

  /// Says which of the options change nothing for such images.
  func noteIdle(_ arguments: Arguments, _ console: Console, of places: [String]) {
    guard arguments[followLinks], !places.contains(where: FileFacts.isFolder) else { return }
    console.note("\(followLinks.declaration.label): has no effect; only folders have links that are followed")
  }

  /// Lists the parts of a data set; says what one should know of them.
  ///
  /// - Throws: `UsageError` where an output of any option would take the place of one of them.
  func split(
    _ sources: DatasetSources, _ arguments: Arguments, _ console: Console
  ) throws -> DatasetSplit {
    let files = [sources.training, sources.validation, sources.test].compactMap(\.self)
    try Self.refuseStandardInput(of: files)
    try check(arguments, of: files)
    noteIdle(arguments, console, of: files)
    var sources = sources
    sources.listing = options(arguments)
    let split = try DatasetSplit(sources)
    try arguments.refuseOverwriting(files + split.parts.flatMap { $0.images.items.map(\.path) })
    console.show(split.diagnostics)
    return split
  }

  /// Lists a folder or a manifest; says what is left out.
  func dataset(
    _ path: String, _ arguments: Arguments, _ console: Console, classes: [String]? = nil
  ) throws -> Dataset {
    try Self.refuseStandardInput(of: [path])
    try check(arguments, of: [path])
    noteIdle(arguments, console, of: [path])
    let dataset = try Dataset(contentsOf: path, options: options(arguments, classes: classes))
    try arguments.refuseOverwriting([path] + dataset.files)
    console.show(dataset.diagnostics)
    return dataset
  }
}

extension ValueKind where Value == FieldSeparator {
  /// A character, or the word for one that is not seen.
  fileprivate static var separator: Self {
    Self(
      expectation: "one character, such as ; or |, or tab", parse: { FieldSeparator($0) }, show: { "\($0)" })
  }
}

extension Console {
  /// The paths on standard input, where that is named in place of images; nil for any other images.
  ///
  /// - Parameter idle: options that such a list leaves nothing to do for.
  /// - Throws: `UsageError`, and `FileError` where an output would take the place of the list.
  func paths(
    _ words: [String], _ arguments: Arguments, idle: [any CommandArgument]
  ) throws -> PathLines? {
    guard words.contains("-") else { return nil }
    if let option = idle.first(where: arguments.isGiven)?.declaration.label {
      throw UsageError.conflict("\(option): standard input is a list of images without classes; leave it out")
    }
    guard words.count == 1 else {
      throw UsageError.conflict(
        "-: standard input is a list by itself; found other images beside it (./- is a file named -)"
      )
    }
    try arguments.refuseOverwriting(standardInput: input)
    return PathLines(input)
  }

  /// Says what one should know of a data set.
  func show(_ diagnostics: [DatasetDiagnostic]) {
    for diagnostic in diagnostics {
      switch diagnostic.severity {
      case .note: note(FlagHint.sentence(of: diagnostic))
      case .warning: warn(FlagHint.sentence(of: diagnostic))
      }
    }
  }
}

/// Which part of the images is held back for validation.
struct SplitArguments {
  private let fraction = Option.optional(
    "validation-split", value: "F", .number(in: 0.01...0.99),
    help: "fraction of the images to reserve for validation")
  private let count = Option.optional(
    "split-at", value: "N", .integer(in: 1...Int.max),
    help:
      "in place of --validation-split: the first N images of a shuffle by the seed train, the others validate, whatever their class"
  )
  private let rule = Option(
    "split", value: "RULE", .choice(of: SplitRule.self), default: .drawn,
    help:
      "how the validation images are chosen: drawn from each class by the seed, or as Keras's ImageDataGenerator or image_dataset_from_directory choose them"
  )

  var declarations: [any CommandArgument] { [fraction, count, rule] }

  /// What asks for a split: the option as the command line has it.
  func label(_ arguments: Arguments) -> String {
    arguments[count] == nil ? fraction.declaration.label : count.declaration.label
  }

  /// The split that is asked for; nil for none.
  func split(_ arguments: Arguments, seed: Int) throws(UsageError) -> ValidationSplit? {
    guard !arguments.isGiven(rule) || arguments[fraction] != nil || arguments[self.count] != nil else {
      throw .conflict("--split: needs --validation-split or --split-at, which it is the rule of")
    }
    guard let count = arguments[count] else {
      return arguments[fraction].map {
        ValidationSplit(fraction: $0, rule: arguments[rule], seed: UInt64(seed))
      }
    }
    guard arguments[fraction] == nil else {
      throw .conflict("--split-at and --validation-split: give one of them, not both")
    }
    guard !arguments.isGiven(rule) || arguments[rule] == .dataset else {
      throw .conflict("--split-at: shuffles as --split dataset; found --split \(arguments[rule].rawValue)")
    }
    return ValidationSplit(trainingCount: count, seed: UInt64(seed))
  }
}

/// Images to read: all that were named, or one part of a split.
struct ImageArguments {
  private let data = DataArguments()
  private let split = SplitArguments()
  private let subset = Option.optional(
    "subset", value: "PART", .choice(of: DatasetPart.self),
    help: "use only this part: of the split, or of a folder with train, val and test folders")
  private let seed: Option<Int>

  /// - Parameter seed: the verb's own option, where it has one.
  init(seed: Option<Int> = Common.seed) { self.seed = seed }

  var group: OptionGroup { OptionGroup("Data", declarations) }

  var declarations: [any CommandArgument] { data.declarations + split.declarations + [subset] }

  /// - Throws: `UsageError` for `--subset` and `--validation-split` where they choose nothing.
  func list(_ words: [String], _ arguments: Arguments, _ console: Console) throws -> Dataset {
    if let lines = try console.paths(words, arguments, idle: declarations) {
      let dataset = try Dataset(paths: lines)
      try arguments.refuseOverwriting(dataset.files)
      return dataset
    }
    if try choosesPart(arguments, of: words) { return try dataset(words[0], arguments, console) }
    try data.check(arguments, of: words)
    data.noteIdle(arguments, console, of: words)
    let dataset = try Dataset(images: words, options: data.options(arguments))
    try arguments.refuseOverwriting(words + dataset.files)
    console.show(dataset.diagnostics)
    guard let mode = data.classMode(arguments) else { return dataset }
    if mode == .none { return dataset.withoutClasses }
    if !dataset.classes.isEmpty { try dataset.check(mode) }
    return dataset
  }

  /// Whether images have the classes that are beside them in archives that are dealt as a whole.
  ///
  /// - Throws: `UsageError` for options that need all of them.
  func keepsClasses(ofDealtArchives arguments: Arguments) throws(UsageError) -> Bool {
    if let option = (split.declarations + [subset]).first(where: arguments.isGiven) {
      throw .conflict("\(option.declaration.label): needs all images; leave it out, or --shard-by")
    }
    return try data.keepsClasses(ofDealtArchives: arguments)
  }

  /// The listing that is named, where nothing is said of how its images are chosen; nil for any other images.
  ///
  /// - Throws: `ListingError`, `FileError`.
  func listing(_ words: [String], _ arguments: Arguments) throws -> Listing? {
    guard words.count == 1, !declarations.contains(where: arguments.isGiven), Listing.isListing(words[0])
    else {
      return nil
    }
    try arguments.refuseOverwriting(words)
    return try Listing(contentsOf: words[0])
  }

  /// One folder or manifest, or one part of it, by class: the part that is asked for, or the one that a model is measured on.
  ///
  /// - Parameter classes: those of the model, to take where the command line names none; nil for all there are.
  /// - Throws: `UsageError` for `--subset` and `--validation-split` where they choose nothing.
  func dataset(_ path: String, _ arguments: Arguments, _ console: Console, classes: [String]? = nil) throws
    -> Dataset
  {
    _ = try choosesPart(arguments, of: [path])
    let list = { (place: String) throws -> Dataset in
      let dataset = try data.dataset(place, arguments, console, classes: classes)
      if let mode = data.classMode(arguments) { try dataset.check(mode) }
      return dataset
    }
    let wanted = data.options(arguments, classes: classes).classes
    let folders = try parts(of: path, classes: wanted)
    if let method = try split.split(arguments, seed: arguments[seed]), let part = arguments[subset] {
      let listed = try list(folders?.training ?? path)
      let dataset = listed.listedParts?[.training] ?? listed
      return try dataset.split(by: method)[part] ?? dataset
    }
    guard let folders else { return try self.part(of: list(path), arguments, console) }
    let part = arguments[subset] ?? folders.measuring(classes: classes ?? [])
    guard let place = folders[part] else {
      throw UsageError.conflict("--subset \(part.rawValue): \(path) has no such part")
    }
    console.note("\(path): its folders are parts of a data set; \(place) is used (--subset)")
    console.show(folders.diagnostics)
    return try list(place)
  }

  /// The part of a listing that is asked for, or the one that a model is measured on; of any other images all.
  private func part(of listed: Dataset, _ arguments: Arguments, _ console: Console) throws -> Dataset {
    guard let parts = listed.listedParts else {
      guard arguments[subset] == nil else {
        throw UsageError.conflict(
          "--subset: \(listed.place) lists no parts; list a folder with train, val and test folders")
      }
      return listed
    }
    let part = arguments[subset] ?? [.test, .validation].first { parts[$0] != nil } ?? .training
    guard let images = parts[part] else {
      throw UsageError.conflict("--subset \(part.rawValue): \(listed.place) has no such part")
    }
    console.note(
      "\(listed.place): lists the parts of a data set; its \(part.rawValue) images are used (--subset)")
    return images
  }

  /// Features, or one part of them: the part that is asked for, or the one that a model is measured on.
  ///
  /// - Throws: `UsageError` for `--subset` and `--validation-split` where they choose nothing, and for options about files of images.
  func features(_ path: String, _ arguments: Arguments, _ console: Console) throws -> FeatureSet {
    for option in data.declarationsOfFiles where arguments.isGiven(option) {
      throw UsageError.conflict("\(option.declaration.label): needs images; found features in \(path)")
    }
    try arguments.refuseOverwriting([path])
    let (method, part) = (try split.split(arguments, seed: arguments[seed]), arguments[subset])
    guard method == nil || part == .training || part == .validation else {
      throw UsageError.conflict(
        "\(split.label(arguments)): needs --subset training or --subset validation")
    }
    let dealt = try FeatureSplit(training: FeatureSet(contentsOf: path), holdback: method)
    let chosen = part ?? (dealt.parts.last?.part ?? .training)
    guard part == nil || dealt.parts.count > 1, let features = dealt[chosen] else {
      throw UsageError.conflict(
        "--subset: needs --validation-split, the fraction reserved for validation, or features of train, val and test folders"
      )
    }
    if dealt.parts.count > 1 {
      console.note("\(path): the \(chosen.rawValue) part is used (--subset)")
    }
    return features
  }

  private func parts(of path: String, classes: [String]?) throws -> PartFolders? {
    try Dataset.isManifest(path) ? nil : PartFolders(path, classes: classes)
  }

  /// Whether the command line says which part is meant.
  func namesPart(_ arguments: Arguments) -> Bool { arguments[subset] != nil }

  /// The split whose held-back part is asked for; nil for none, and for the other part.
  func holdback(_ arguments: Arguments) throws -> ValidationSplit? {
    arguments[subset] == .validation ? try split.split(arguments, seed: arguments[seed]) : nil
  }

  /// Whether a part of one folder or manifest is asked for.
  private func choosesPart(_ arguments: Arguments, of words: [String]) throws -> Bool {
    let isSplit = try split.split(arguments, seed: arguments[seed]) != nil
    let part = arguments[subset]
    if isSplit, part == nil || part == .test || words.count != 1 {
      throw UsageError.conflict(
        "\(split.label(arguments)): needs --subset training or --subset validation, and one folder or manifest of images"
      )
    }
    let classes = data.options(arguments).classes
    if !isSplit, part != nil,
      try words.count != 1 || (parts(of: words[0], classes: classes) == nil && !Listing.isListing(words[0]))
    {
      throw UsageError.conflict(
        "--subset: needs --validation-split, the fraction reserved for validation, or one folder with train, val and "
          + "test folders")
    }
    return part != nil
  }
}

import Encoding
public import Errors
public import Files

/// Why a data set cannot be listed or split.
public enum DatasetError: ZooError, Hashable {
  /// A path that does not exist or cannot be read.
  case unreadable(path: String, reason: String)
  /// A file where a folder of images is expected.
  case notAFolder(path: String)
  /// A folder that does not exist or cannot be listed.
  case unlistable(path: String, reason: String)
  /// The process has reached the system's limit of open files.
  case tooManyOpenFiles(path: String)
  /// An archive that cannot be read, or whose members cannot be read in place.
  case archive(FileError)
  /// A listing that cannot be read.
  case listing(ListingError)
  /// A pattern of names that stands for more of them than can be meant.
  case tooManyNames(pattern: String, limit: Int)
  /// A pattern of names with braces inside others.
  case nestedPattern(pattern: String)
  /// A pattern of names that are to be one data set, one of which is no archive whose images have their classes beside them.
  case unlabelledArchive(pattern: String, name: String)
  /// Several archives of which some have the classes beside their images and others, `count` in all, have none; the first of each.
  case partlyLabelled(place: String, labelled: String, unlabelled: String, count: Int)
  /// One archive, or none, where several are expected.
  case notSeveralArchives(place: String, count: Int)
  /// Something else where an archive is expected.
  case notAnArchive(path: String)
  /// There are no images.
  case noImages(place: String)
  /// A folder with archives and no images; `pattern` stands for all of them, where one does, and `first` is one of them.
  case archivesAlone(place: String, count: Int, first: String, pattern: String?)
  /// A requested class has no sub-folder, or no row in the manifest; `found` are the classes there are.
  case missingClass(place: String, name: String, found: [String])
  /// A class that is requested twice.
  case repeatedClass(name: String)
  /// Binary labels for a number of classes other than two.
  case notTwoClasses(place: String, found: [String])
  /// Fewer than two classes.
  case tooFewClasses(place: String, found: [String])
  /// One folder around the classes, or the parts, of a data set; `inner` is where they are, and `found` what they are called.
  case wrapped(place: String, inner: String, found: [String])
  /// Several folders that mean one part of a data set.
  case severalParts(place: String, part: DatasetPart, folders: [String])
  /// Folders for the parts of a data set, without folders for the classes in them.
  case unsortedParts(place: String, folders: [String])
  /// Two parts of one data set have different classes.
  case otherClasses(place: String, expected: [String], found: [String])
  /// A validation fraction outside (0, 1).
  case fraction(found: Double)
  /// A number of images to train on that leaves none on one side.
  case trainingCount(place: String, found: Int, images: Int)
  /// A split that leaves no image for training, or none for validation.
  case emptyPart(place: String, fraction: Double, count: Int, part: DatasetPart)
  /// A validation part that exists already, where one is to be split off.
  case twoValidations(place: String)
  /// Sample weights for images that no manifest lists.
  case weightsWithoutManifest(place: String, column: String)
  /// A requested column that is not in the manifest.
  case missingColumn(path: String, name: String, found: [String])
  /// A manifest none of whose files exists and is an image; `first` is the first, as the manifest has it, and `tried` where it
  /// was looked for.
  case noListedFile(path: String, count: Int, first: String, tried: [String])
  /// A name without its ending, in a manifest, that several images of the folder have.
  case ambiguousFile(folder: String, name: String, found: [String])
  /// A manifest that cannot be parsed; the line counts from 1, 0 stands for the whole file.
  case malformedManifest(path: String, line: Int, detail: String)

  /// What kind of error it is.
  public var family: ErrorFamily {
    switch self {
    case .unreadable, .notAFolder, .unlistable, .noImages, .archivesAlone, .missingClass, .missingColumn,
      .noListedFile:
      .missing
    case .archive(let error): error.family
    case .listing(let error): error.family
    case .tooManyNames, .nestedPattern, .unlabelledArchive, .partlyLabelled, .notSeveralArchives,
      .notAnArchive:
      .mismatch
    case .malformedManifest: .malformed
    case .tooManyOpenFiles: .unsupported
    case .ambiguousFile, .repeatedClass, .notTwoClasses, .tooFewClasses, .wrapped, .severalParts,
      .unsortedParts,
      .otherClasses, .fraction, .trainingCount, .emptyPart,
      .twoValidations,
      .weightsWithoutManifest:
      .mismatch
    }
  }

  /// The error in one sentence, on one line: place, what is wrong, what was expected and found, what to do.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .tooManyOpenFiles(let path): "\(path): cannot be opened: \(SystemError.tooManyOpen)"
    case .notAFolder(let path): "\(path): expected a folder, found a file; name the folder that contains it"
    case .unlistable(let path, let reason): "\(path): the folder cannot be listed: \(reason)"
    case .archive(let error): error.description
    case .listing(let error): error.description
    case .tooManyNames(let pattern, let limit):
      "\(pattern.prefix(200)): expected a pattern of at most \(limit.grouped) names, of 256 MB in all, found more; check "
        + "what is between its braces"
    case .nestedPattern(let pattern):
      "\(pattern.prefix(200)): expected braces without others inside them, such as {000..009} or {a,b,c}, found braces inside "
        + "braces; write what they stand for between the outer ones"
    case .unlabelledArchive(let pattern, let name):
      "\(pattern): expected archives (.tar) whose images have their classes beside them (.cls, .json), found \(name) without; "
        + "name folders or archives with one folder a class one by one"
    case .partlyLabelled(let place, let labelled, let unlabelled, let count):
      "\(place): expected classes beside the images (.cls, .json) of all archives or of none, found them in \(labelled), and "
        + "none in \(unlabelled)" + (count > 1 ? " and \((count - 1).grouped) more" : "")
        + "; add them or leave the archive out, or list the images without classes"
    case .notSeveralArchives(let place, let count):
      "\(place.isEmpty ? "\"\"" : place): expected several archives, such as {000..009}.tar, found \(count == 0 ? "none" : "one")"
    case .notAnArchive(let path):
      "\(path): expected an archive (.tar, .zip), found something else; leave it out"
    case .noImages(let place):
      "\(place): no images; expected files ending in \(Dataset.endings.map { "." + $0 }.joined(separator: ", ")); "
        + "name an image, or a folder or an archive of images"
    case .archivesAlone(let place, let count, let first, let pattern):
      "\(place): expected images, or folders of images, found \(counted(count, "archive")); "
        + (pattern.map { "name the archives themselves, all of them as \($0)" }
          ?? (count == 1 ? "name \(first)" : "name the archives themselves, such as \(first)"))
    case .missingColumn(let path, let name, let found):
      "\(path): no column '\(name)'; found \(Self.list(found))"
        + (nearest(to: name, in: found).map { "; did you mean \($0)?" }
          ?? "; name the columns of files and classes")
    case .noListedFile(let path, let count, let first, let tried):
      "\(path): expected names of images that are there, found none among \(counted(count, "row")); "
        + "the first is \(first); tried \(Self.list(tried, atMost: 6)); name the folder of the files, or the column"
    case .ambiguousFile(let folder, let name, let found):
      "\(folder): expected one image called \(name.escapingBytes), found \(Self.list(found.map(\.escapingBytes))); write the "
        + "ending in the manifest, or put the others away"
    case .malformedManifest(let path, let line, let detail):
      line > 0 ? "\(path): line \(line): \(detail)" : "\(path): \(detail)"
    case .fraction(let found):
      "validation split: expected a fraction above 0 and below 1, found \(found)"
    case .trainingCount(let place, let found, let images):
      images < 2
        ? "\(place): expected 2 images or more to split, found \(images); add images"
        : "\(place): expected 1 to \(images - 1) training images of \(images), so that some are left for validation; "
          + "found \(found)"
    case .emptyPart(let place, let fraction, let count, let part):
      "\(place): a validation split of \(fraction) of each class leaves no image for \(part.rawValue); found "
        + "\(count) in all; choose another fraction, or give validation images"
    case .twoValidations(let place):
      "\(place): expected one validation part, found this one and a split of the training images; give one of them, "
        + "not both"
    case .weightsWithoutManifest(let place, let column):
      "\(place): expected a manifest (.csv, .tsv, .jsonl) with sample weights in the column '\(column)', found no "
        + "manifest; list the images in one"
    default: classDescription
    }
  }

  private var classDescription: String {
    switch self {
    case .missingClass(let place, let name, []):
      "\(place): expected a folder for each class, such as \(name), found none with images; sort the images into one folder a "
        + "class, or list them with their classes in a manifest (.csv)"
    case .missingClass(let place, let name, let found):
      "\(place): no class \(name); found \(Self.list(found))"
        + (nearest(to: name, in: found).map { "; did you mean \($0)?" } ?? "")
    case .repeatedClass(let name): "classes: \(name) is named twice; name every class once"
    case .notTwoClasses(let place, let found):
      "\(place): binary labels need two classes, found \(found.count) (\(Self.list(found))); choose categorical"
    case .tooFewClasses(let place, let found):
      "\(place): expected two or more sub-folders with images, one for each class, found \(Self.list(found)); "
        + "sort the images into one folder a class"
    case .wrapped(let place, let inner, let found):
      "\(place): expected a folder for each class, found one folder around others; name \(inner), which has "
        + Self.list(found)
    case .severalParts(let place, let part, let folders):
      "\(place): expected one folder of \(part.rawValue) images, found \(Self.list(folders)); name the folder of each part, "
        + "or put away what is not meant"
    case .unsortedParts(let place, let folders):
      "\(place): expected a folder for each class, found folders named as the parts of a data set (\(Self.list(folders))) with "
        + "images that are not sorted; sort the images of each part into one folder a class, or list them with their classes "
        + "in a manifest (.csv); if they are the classes, name them"
    case .otherClasses(let place, let expected, let found):
      "\(place): expected the classes \(Self.list(expected)), found \(Self.list(found))"
        + Self.difference(expected, found) + "; "
        + "images to train, validate and test with need the same classes, those of the model where there is one"
    default: "classes"
    }
  }

  /// What only one side has, where there are too many names to see it.
  private static func difference(_ expected: [String], _ found: [String]) -> String {
    guard max(expected.count, found.count) > 8 else { return "" }
    let missing = expected.filter { !found.contains($0) }
    let unknown = found.filter { !expected.contains($0) }
    return (missing.isEmpty ? "" : "; missing: \(list(missing))")
      + (unknown.isEmpty ? "" : "; unknown: \(list(unknown))")
  }

  /// The names, or the first of very many.
  static func list(_ names: [String], atMost count: Int = 20) -> String {
    let rest = names.count - count
    return names.isEmpty
      ? "none" : names.prefix(count).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

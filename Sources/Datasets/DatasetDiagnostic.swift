import Encoding

/// A note or warning about a data set, as data; the description is a sentence for people.
public enum DatasetDiagnostic: Hashable, Sendable {
  /// Rows of a manifest, `count` of `total`, whose files do not exist or are no images; as in Keras, they are left out. The first
  /// was looked for at the places `tried`.
  case missingFiles(place: String, count: Int, total: Int, first: String, tried: [String])
  /// Rows of a manifest whose files were found without the folder that stands ahead of them.
  case movedFiles(place: String, count: Int, folder: String)
  /// How a manifest was read that is not as manifests usually are.
  case manifestForm(place: String, form: ManifestForm)
  /// Rows of a manifest whose class was not requested; as in Keras, they are left out.
  case otherRows(place: String, count: Int)
  /// Hidden files and folders, and those that a system keeps for itself, that were left out of a folder.
  case hidden(place: String, omissions: Omissions)
  /// Files in a folder that do not end as images do; as in Keras, they are left out.
  case passedOver(place: String, omissions: Omissions)
  /// Symbolic links to folders inside classes that were not followed, as in Keras's `flow_from_directory`.
  case unfollowedLinks(place: String, count: Int, first: String)
  /// Links, devices and sparse files in an archive, which are not read.
  case specialFiles(place: String, count: Int, first: String)
  /// An archive or a folder with nothing but one folder around others, which is the one that is listed.
  case entered(place: String, folder: String)
  /// An archive whose images have their classes in files beside them.
  case labelledSamples(place: String)
  /// Images of such an archive that have none.
  case unlabelled(place: String, count: Int, first: String)
  /// Classes of a model, `count` in all, without a folder or a row.
  case absentClasses(place: String, names: [String], count: Int)
  /// Folders or rows that are no class of the model, whose images were left out.
  case strangeClasses(place: String, names: [String])
  /// The classes of a model in another order than it has them, which were put in its order by their names.
  case arranged(place: String, found: [String], names: [String])
  /// Parts of one data set with other classes than the first, so that their images were listed without classes.
  case partsWithoutClasses(place: String)
  /// A manifest without a column of classes, whose images were listed without.
  case noClasses(place: String, column: String, found: [String])
  /// A list of images that names the listing which is written of it; it is left out.
  case ownListing(place: String, path: String)
  /// A class without images.
  case emptyClass(place: String, name: String)
  /// A class none of whose images can be read.
  case unreadableClass(place: String, name: String, count: Int)
  /// Validation or test images that are, byte for byte, copies of training images.
  case copies(part: DatasetPart, count: Int, total: Int, first: String)
  /// A folder whose sub-folders are used as the parts of a data set.
  case parts(place: String, folders: PartFolders)
  /// A listing of a folder whose sub-folders were the parts of a data set, and how many images each part has.
  case listedParts(place: String, counts: [DatasetPart: Int])
  /// Folders beside the parts of a data set that are none, which were left aside; some may hold images that have a class.
  case besideParts(place: String, names: [String], holdImages: Bool)
  /// Folders that were taken for classes although their names mean parts of a data set.
  case classesNamedAsParts(place: String, names: [String])
  /// Images beside the folders of the classes or parts, which have no class; as in Keras, they are left out.
  case strayImages(place: String, count: Int, first: String)
  /// Classes of the training images that a validation or test part has no images of.
  case unmeasuredClasses(place: String, part: DatasetPart, names: [String])
  /// A test part with other classes than the training images, which is therefore not evaluated.
  case unmeasuredTest(place: String, found: [String])
}

extension DatasetDiagnostic: CustomStringConvertible {
  /// How much it matters.
  public enum Severity: Hashable, Sendable {
    /// Worth knowing.
    case note
    /// Probably not what was meant.
    case warning
  }

  /// How much it matters.
  public var severity: Severity {
    switch self {
    case .missingFiles, .otherRows, .emptyClass, .unreadableClass, .copies, .unfollowedLinks, .specialFiles,
      .unlabelled,
      .absentClasses,
      .classesNamedAsParts, .strayImages, .unmeasuredClasses:
      .warning
    case .besideParts(_, _, let holdImages): holdImages ? .warning : .note
    case .noClasses, .movedFiles, .manifestForm, .entered, .labelledSamples, .parts, .listedParts,
      .unmeasuredTest, .hidden,
      .strangeClasses, .arranged, .partsWithoutClasses, .ownListing:
      .note
    case .passedOver(_, let omissions): omissions.mayHoldImages ? .warning : .note
    }
  }

  /// The sentence, on one line: what a line end in a name begins would look like another.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .ownListing(let place, let path): "\(place): left out \(path), which is the listing itself"
    case .missingFiles(let place, let count, let total, let first, let tried):
      "\(place): left out \(count.grouped) of \(counted(total, "row")), whose files are missing or no images; the first is "
        + "\(first); tried \(DatasetError.list(tried, atMost: 6))"
    case .movedFiles(let place, let count, let folder):
      "\(place): the files of \(counted(count, "row")) were found without the folder ahead of them, \(folder)"
    case .manifestForm(let place, let form): "\(place): read with \(form.words)"
    case .noClasses(let place, let column, let found):
      "\(place): no column '\(column)', so its images have no classes; found \(Self.list(found))"
    case .otherRows(let place, let count): "\(place): left out \(counted(count, "row")) of other classes"
    case .hidden(let place, let omissions):
      "\(place): left out what is hidden, or a system's own: \(omissions.hiddenWords)"
    case .passedOver(let place, let omissions):
      "\(place): passed over files that do not end as images do: \(omissions.fileWords)"
    case .unfollowedLinks(let place, let count, let first):
      "\(place): left out \(counted(count, "linked folder")) inside classes, as Keras does; the first is \(first)"
    case .specialFiles(let place, let count, let first):
      "\(place): left out \(counted(count, "link, device or sparse file", plural: "links, devices and sparse files")), "
        + "none of which is read; the first is \(first)"
    case .entered(let place, let folder):
      "\(place): one folder is around all others; the images are those of \(folder)"
    case .labelledSamples(let place):
      "\(place): the classes are those beside the images (.cls, .json)"
    case .unlabelled(let place, let count, let first):
      "\(place): left out \(counted(count, "image")) without a class beside them (.cls, .json); the first is \(first)"
    case .absentClasses(let place, let names, let count):
      "\(place): no images of \(names.count) of the model's \(count) classes: \(Self.list(names))"
    case .strangeClasses(let place, let names):
      "\(place): left out what is no class of the model: \(Self.list(names))"
    case .arranged(let place, let found, let names):
      "\(place): its classes are \(Self.list(found)); put in the model's order by their names: \(Self.list(names))"
    case .partsWithoutClasses(let place):
      "\(place): its parts have different classes, so the images are listed without classes"
    case .emptyClass(let place, let name):
      "\(place): class \(name) has no images, so the head cannot learn it; remove the folder, or select the other "
        + "classes"
    case .unreadableClass(let place, let name, let count):
      "\(place): class \(name): expected an image that can be read, found none among \(count), so the head cannot learn it; "
        + "replace the files, or select the other classes"
    case .copies(let part, let count, let total, let first):
      "\(count) of \(counted(total, "\(part.rawValue) image")) are copies of training images, so its results "
        + "are too good; the first is \(first)"
    case .parts(let place, let folders):
      "\(place): its folders are parts of a data set: "
        + [
          folders.training + " (training)", folders.validation.map { $0 + " (validation)" },
          folders.test.map { $0 + " (test)" },
        ].compactMap(\.self).joined(separator: ", ")
    case .listedParts(let place, let counts):
      "\(place): lists the parts of a data set: "
        + DatasetPart.allCases.compactMap { part in
          counts[part].map { counted($0, "\(part.rawValue) image") }
        }.joined(separator: ", ")
    case .besideParts(let place, let names, _):
      "\(place): left aside, beside the parts of the data set: \(Self.list(names))"
    case .classesNamedAsParts(let place, let names):
      "\(place): taken for classes, although they are named as parts of a data set: \(Self.list(names)); parts are taken "
        + "for parts where the training part has a folder for each class"
    case .strayImages(let place, let count, let first):
      "\(place): left out \(counted(count, "image")) beside the folders, without a class; the first is \(first)"
    case .unmeasuredClasses(let place, let part, let names):
      "\(place): no \(part.rawValue) images of \(Self.list(names)), so its results say nothing about "
        + (names.count == 1 ? "this class" : "these classes")
    case .unmeasuredTest(let place, let found):
      "\(place): not evaluated, because its classes are not those of the training images; found "
        + (found.isEmpty ? "no sub-folders" : found.joined(separator: ", "))
    }
  }
}

extension DatasetDiagnostic {
  /// Images beside the folders of a folder; none where there are no images.
  static func stray(_ images: [String], in place: String) -> [DatasetDiagnostic] {
    images.first.map { [.strayImages(place: place, count: images.count, first: $0.escapingBytes)] } ?? []
  }

  /// Classes two or more of which are named as parts.
  static func partNames(_ classes: [String], in place: String) -> [DatasetDiagnostic] {
    let names = PartFolders.meanings(of: classes).map(\.name)
    return names.count > 1 ? [.classesNamedAsParts(place: place, names: names)] : []
  }

  /// The names, or the first of very many.
  private static func list(_ names: [String]) -> String {
    let rest = names.count - 12
    return names.prefix(12).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}

extension DatasetSplit {
  /// Classes without images, in any part, and validation or test images that are copies of training images.
  ///
  /// - Complexity: reads those validation and test images whose file size a training image has, too.
  public func findings() -> [DatasetDiagnostic] { copies + training.emptyClasses + unmeasured }

  private var unmeasured: [DatasetDiagnostic] {
    let unlearnt = Set(training.unfilled)
    return parts.dropFirst().compactMap { part, images in
      let names = images.unfilled.filter { !unlearnt.contains($0) }
      return names.isEmpty || images.items.isEmpty
        ? nil : .unmeasuredClasses(place: images.place, part: part, names: names)
    }
  }

  private var copies: [DatasetDiagnostic] {
    parts.dropFirst().compactMap { part, images in
      let copies = images.copies(of: training)
      return copies.first.map {
        .copies(part: part, count: copies.count, total: images.items.count, first: $0.name)
      }
    }
  }
}

extension Dataset {
  fileprivate var emptyClasses: [DatasetDiagnostic] {
    unfilled.map { .emptyClass(place: place, name: $0) }
  }

  /// The classes without images.
  fileprivate var unfilled: [String] {
    let filled = Set(items.compactMap(\.label))
    return classes.enumerated().filter { !filled.contains($0.offset) }.map(\.element)
  }
}

extension Dataset {
  /// The classes that have images, but none beside those at `paths`.
  package func unreadableClasses(without paths: some Sequence<String>) -> [DatasetDiagnostic] {
    let lost = Set(paths)
    guard !lost.isEmpty else { return [] }
    let readable = Set(items.filter { !lost.contains($0.path) }.compactMap(\.label))
    let counts = Dictionary(items.compactMap(\.label).map { ($0, 1) }, uniquingKeysWith: +)
    return classes.enumerated().compactMap { label, name in
      counts[label].flatMap { count in
        readable.contains(label) ? nil : .unreadableClass(place: place, name: name, count: count)
      }
    }
  }
}

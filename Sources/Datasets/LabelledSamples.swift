import Encoding
import Files
import Foundation
import Images

/// Images of an archive whose classes stand beside them, as in the shards of a WebDataset: files whose names are the same up to the
/// first dot belong together, and `.cls`, or a member `label`, `cls` or `class` of `.json`, is the class of the image.
struct LabelledSamples {
  /// The images in the order of their names, each with its class where it has one.
  let images: [(name: String, location: ImageLocation, label: String?)]
  /// What else there is.
  let omissions: Omissions

  /// The samples directly in a folder; nil where no image has a class beside it.
  init?(_ place: FolderPlace, _ walk: FolderWalk) throws(DatasetError) {
    var (labels, files): ([String: String], [String: Int]) = ([:], [:])
    for entry in try place.tree.entries(of: place.path) where entry.kind == .file {
      let (key, ending) = Self.parts(of: entry.name)
      guard let form = Form(rawValue: ending.lowercased()), let member = entry.location.member,
        let label = form.label(of: member)
      else { continue }
      files[ending.lowercased(), default: 0] += 1
      if labels[key].map({ Self.isBetter(label, form, than: $0) }) ?? true { labels[key] = label }
    }
    guard !labels.isEmpty else { return nil }
    let contents = try walk.contents(below: place.path)
    images = contents.images.map { ($0.name, $0.location, labels[Self.parts(of: $0.name).key]) }
    guard images.contains(where: { $0.label != nil }) else { return nil }
    var omissions = contents.omissions
    for (ending, count) in files {
      omissions.files[ending] = omissions.files[ending].flatMap { $0 > count ? $0 - count : nil }
    }
    self.omissions = omissions
  }

  /// The samples of several archives one after the other, by their paths; nil where one of them is anything else.
  init?(archives paths: [String]) throws(DatasetError) {
    var images: [(name: String, location: ImageLocation, label: String?)] = []
    var omissions = Omissions()
    for path in paths {
      guard PackedFiles.isArchive(path) else { return nil }
      let place = try FolderPlace(path)
      guard let samples = try LabelledSamples(place, place.walk()) else { return nil }
      images += samples.images.map { ($0.location.path, $0.location, $0.label) }
      omissions.add(samples.omissions)
    }
    (self.images, self.omissions) = (images, omissions)
  }

  /// Whether a class says more than another that was found beside the same image: a name more than a number, and of two alike that
  /// of a `.cls`.
  private static func isBetter(_ label: String, _ form: Form, than other: String) -> Bool {
    (Int(label) == nil) == (Int(other) == nil) ? form == .cls : Int(label) == nil
  }

  /// The classes, numbers by what they are, names in code-point order.
  var classes: [String] {
    let names = Set(images.compactMap(\.label))
    let numbers = names.compactMap { name in Int(name).map { (number: $0, name: name) } }
    guard numbers.count == names.count else { return names.sorted(by: FileName.precedes) }
    return numbers.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
  }

  /// Whether what is in a folder looks like samples: an image, and what may be its class.
  static func areAmong(_ entries: [FileTreeEntry]) -> Bool {
    let files = entries.filter { $0.kind == .file }
    let keys = Set(files.filter { Dataset.isImage($0.name) }.map { parts(of: $0.name).key })
    return files.contains { file in
      let (key, ending) = parts(of: file.name)
      return Form(rawValue: ending.lowercased()) != nil && keys.contains(key)
    }
  }

  /// What stands ahead of the first dot of a name, and behind it.
  private static func parts(of name: String) -> (key: String, ending: String) {
    guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return (name, "") }
    return (String(name[..<dot]), String(name[name.utf8.index(after: dot)...]))
  }

  /// What a class is written in.
  private enum Form: String {
    case cls, json

    /// More bytes than a class takes are none.
    private var mostBytes: Int { self == .cls ? 4096 : 1 << 20 }

    /// The class that a file says; nil where it says none.
    func label(of member: PackedMember) -> String? {
      guard member.byteCount <= mostBytes, let bytes = try? member.contents() else { return nil }
      let text = FileName.text(of: bytes).trimmingCharacters(in: .whitespacesAndNewlines)
      switch self {
      case .cls: return text.isEmpty ? nil : text.escapingBytes
      case .json: return Self.label(inJSON: text)
      }
    }

    private static func label(inJSON text: String) -> String? {
      guard JSONBudget.problem(with: text) == nil,
        let object = try? JSONDecoder().decode([String: ManifestValue].self, from: Data(text.utf8))
      else { return nil }
      let found = labelKeys.compactMap { object[$0].flatMap(name) }
      return found.first { Int($0) == nil } ?? found.first
    }

    private static let labelKeys = ["label", "cls", "class", "class_name", "label_name"]

    /// A text, a number or a truth value, as in manifests.
    private static func name(_ value: ManifestValue) -> String? {
      guard case .text(let text) = value, !text.isEmpty else { return nil }
      return text
    }
  }
}

extension Dataset {
  /// Lists samples with the classes that stand beside them.
  init(
    _ samples: LabelledSamples, in place: FolderPlace, classes wanted: [String]?, mayMiss: Bool
  ) throws(DatasetError) {
    try self.init(samples, of: place.path, .folder, place.diagnostics, classes: wanted, mayMiss: mayMiss)
  }

  /// Lists the samples of several archives as one data set; nil where one of them has none.
  init?(archives paths: [String], called place: String, _ options: ListingOptions) throws(DatasetError) {
    guard let samples = try LabelledSamples(archives: paths) else { return nil }
    try self.init(
      samples, of: place, .files, [], classes: options.classes, mayMiss: options.allowsMissingClasses)
  }

  private init(
    _ samples: LabelledSamples, of place: String, _ source: Source, _ before: [DatasetDiagnostic],
    classes wanted: [String]?, mayMiss: Bool
  ) throws(DatasetError) {
    let found = samples.classes
    let classes = wanted ?? found
    let notes = try Self.check(classes: classes, among: found, of: place, mayMiss: mayMiss)
    let labels = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($0.element, $0.offset) })
    let unlabelled = samples.images.filter { $0.label == nil }
    self.init(
      place: place, source: source, classes: classes,
      items: samples.images.compactMap { image in
        image.label.flatMap { labels[$0] }.map {
          Item(location: image.location, name: image.name.escapingBytes, label: $0)
        }
      },
      diagnostics: before + [.labelledSamples(place: place)] + notes
        + (unlabelled.first.map {
          [.unlabelled(place: place, count: unlabelled.count, first: $0.name.escapingBytes)]
        } ?? []) + samples.omissions.diagnostics(of: place))
  }
}

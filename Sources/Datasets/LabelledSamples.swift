import Encoding
import Files
import Foundation
import Images

/// Images of an archive whose classes stand beside them, as in the shards of a WebDataset: files whose names are the same up to the
/// first dot belong together, and `.cls`, or a member `label`, `cls` or `class` of `.json`, is the class of the image.
struct LabelledSamples {
  typealias Image = (name: String, location: ImageLocation, label: String?)

  /// The images in the order of their names, each with its class where it has one.
  let images: [Image]
  /// What else there is.
  let omissions: Omissions

  /// The samples directly in a folder; nil where no image has a class beside it.
  init?(_ place: FolderPlace, _ walk: FolderWalk) throws(DatasetError) {
    let beside = try Self.labels(in: place)
    guard !beside.labels.isEmpty else { return nil }
    try self.init(below: place, walk, beside.labels, beside.files)
    guard isLabelled else { return nil }
  }

  /// The images of an archive, with the classes beside them where there are some and they are asked for.
  init(anyIn place: FolderPlace, readsLabels: Bool) throws(DatasetError) {
    let beside = readsLabels ? try Self.labels(in: place) : (labels: [:], files: [:])
    try self.init(below: place, place.walk(), beside.labels, beside.files)
  }

  private init(
    below place: FolderPlace, _ walk: FolderWalk, _ labels: [String: String], _ files: [String: Int]
  ) throws(DatasetError) {
    let contents = try walk.contents(below: place.path)
    images = contents.images.map { ($0.name, $0.location, labels[Self.parts(of: $0.name).key]) }
    var omissions = contents.omissions
    for (ending, count) in files {
      omissions.files[ending] = omissions.files[ending].flatMap { $0 > count ? $0 - count : nil }
    }
    self.omissions = omissions
  }

  /// The classes that files say, by what the names of files begin with, and how many files that are, by their endings.
  private static func labels(
    in place: FolderPlace
  ) throws(DatasetError) -> (labels: [String: String], files: [String: Int]) {
    var (labels, files): ([String: String], [String: Int]) = ([:], [:])
    for entry in try place.tree.entries(of: place.path) where entry.kind == .file {
      let (key, ending) = Self.parts(of: entry.name)
      guard let form = Form(rawValue: ending.lowercased()), let member = entry.location.member,
        let label = try form.label(of: member)
      else { continue }
      files[ending.lowercased(), default: 0] += 1
      if labels[key].map({ Self.isBetter(label, form, than: $0) }) ?? true { labels[key] = label }
    }
    return (labels, files)
  }

  /// Whether some image has a class.
  var isLabelled: Bool { images.contains { $0.label != nil } }

  /// Whether a class says more than another that was found beside the same image: a name more than a number, and of two alike that
  /// of a `.cls`.
  private static func isBetter(_ label: String, _ form: Form, than other: String) -> Bool {
    (Int(label) == nil) == (Int(other) == nil) ? form == .cls : Int(label) == nil
  }

  /// The classes in code-point order, as those of folders and manifests.
  static func classes(of images: [Image]) -> [String] {
    Dataset.classOrder(of: images.lazy.compactMap(\.label))
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

  /// What stands ahead of the first dot of a path's last part, folders included, and behind it: WebDataset's key and extension.
  private static func parts(of path: String) -> (key: String, ending: String) {
    let bytes = path.utf8
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) } ?? bytes.startIndex
    guard let dot = bytes[start...].firstIndex(of: UInt8(ascii: ".")) else { return (path, "") }
    return (String(path[..<dot]), String(path[bytes.index(after: dot)...]))
  }

  /// What a class is written in.
  private enum Form: String {
    case cls, json

    /// More bytes than a class takes are none.
    private var mostBytes: Int { self == .cls ? 4096 : 1 << 20 }

    /// The class that a file says; nil where it says none.
    ///
    /// - Throws: for a file that cannot be read: nobody knows what class it says.
    func label(of member: PackedMember) throws(DatasetError) -> String? {
      guard member.byteCount <= mostBytes else { return nil }
      let bytes: [UInt8]
      do throws(FileError) { bytes = try member.contents() } catch { throw .archive(error) }
      let text = FileName.text(of: bytes).trimmingCharacters(in: .whitespacesAndNewlines)
      switch self {
      case .cls: return text.isEmpty ? nil : text.escapingBytes
      case .json: return try Self.label(inJSON: text, member.path)
      }
    }

    private static func label(inJSON text: String, _ path: String) throws(DatasetError) -> String? {
      guard JSONBudget.problem(with: text) == nil,
        let object = try? JSONDecoder().decode([String: ManifestValue].self, from: Data(text.utf8))
      else { return nil }
      if let problem = ManifestLines.contradiction(in: text) {
        throw .malformedManifest(path: path, line: 0, detail: problem)
      }
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
    try self.init(
      samples.images, of: place.path, .folder, (place.diagnostics, samples.omissions), classes: wanted,
      mayMiss: mayMiss)
  }

  /// - Parameter known: notes that come first, and what was left out.
  init(
    _ images: [LabelledSamples.Image], of place: String, _ source: Source,
    _ known: (notes: [DatasetDiagnostic], omissions: Omissions), classes wanted: [String]?, mayMiss: Bool
  ) throws(DatasetError) {
    let found = LabelledSamples.classes(of: images)
    let classes = wanted ?? found
    let notes = try Self.check(classes: classes, among: found, of: place, mayMiss: mayMiss)
    let labels = NamedValues(classes.enumerated().map { (name: $0.element, value: $0.offset) })
    let unlabelled = images.filter { $0.label == nil }
    self.init(
      place: place, source: source, classes: classes,
      items: images.compactMap { image in
        image.label.flatMap { labels[$0] }.map {
          Item(location: image.location, name: image.name.escapingBytes, label: $0)
        }
      },
      diagnostics: known.notes + [.labelledSamples(place: place)] + notes
        + (unlabelled.first.map {
          [.unlabelled(place: place, count: unlabelled.count, first: $0.name.escapingBytes)]
        } ?? []) + known.omissions.diagnostics(of: place))
  }
}

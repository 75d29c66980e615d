import Encoding
import Images

/// Finds the files that the rows of a manifest name, which was perhaps written on another machine.
///
/// A name is tried as it is, and may lead above the folder (`../`); then with Windows's separators as slashes; then, where a folder
/// ahead of it is nowhere here, without that folder, which is one and the same for all rows, so that no two names become one; what
/// is left then leads nowhere but into the folder. A name without an image's ending is that of the one image in its folder that is
/// called so but for its ending.
struct ManifestFiles {
  private let base: FolderPlace
  /// The images of folders, by their paths without the ending.
  private var stems: [[UInt8]: [String]] = [:]
  private var listed: Set<[UInt8]> = []
  /// The folder of another machine that is left away, with the slash behind it.
  private(set) var leftAway: (folder: String, rows: Int)?

  /// - Parameter base: where names without a leading slash are looked for.
  init(in base: FolderPlace) { self.base = base }

  /// Where the files are; nil for each that is not there.
  ///
  /// - Throws: ``DatasetError/ambiguousFile(folder:name:found:)``.
  mutating func locate(_ names: [String]) throws(DatasetError) -> [ImageLocation?] {
    var locations: [ImageLocation?] = []
    locations.reserveCapacity(names.count)
    for name in names { locations.append(try location(of: name)) }
    let missing = names.indices.filter { locations[$0] == nil }
    guard !missing.isEmpty, let folder = try folderOfElsewhere(missing.map { names[$0] }) else {
      return locations
    }
    var count = 0
    for index in missing {
      guard let rest = Self.rest(of: names[index], behind: folder) else { continue }
      locations[index] = try inside(rest)
      if locations[index] != nil { count += 1 }
    }
    leftAway = (folder, count)
    return locations
  }

  /// The places at which a file was looked for that is nowhere.
  func places(tried name: String) -> [String] {
    let ending = Dataset.isImage(name) ? "" : ".*"
    let portable = Self.portable(name)
    let own = name.hasPrefix("/") ? name : FolderWalk.join(base.path, name)
    let rests = ([""] + Self.folders(aheadOf: portable)).compactMap { Self.rest(of: name, behind: $0) }
      .filter(Self.staysInside)
    var places = [own + ending]
    if !portable.hasPrefix("/"), portable != name {
      places.append(FolderWalk.join(base.path, portable) + ending)
    }
    for rest in rests.map({ FolderWalk.join(base.path, $0) + ending }) where !places.contains(rest) {
      places.append(rest)
    }
    return places.map(\.escapingBytes)
  }

  private mutating func location(of name: String) throws(DatasetError) -> ImageLocation? {
    if name.hasPrefix("/") {
      return Dataset.isImage(name) ? DiskTree().location(of: name) : nil
    }
    if Dataset.isImage(name), let found = base.tree.location(of: FolderWalk.join(base.path, name)) {
      return found
    }
    return try relative(Self.portable(name))
  }

  /// The file of a name that does not lead out of the folder.
  private mutating func inside(_ name: String) throws(DatasetError) -> ImageLocation? {
    Self.staysInside(name) ? try relative(name) : nil
  }

  /// The file of a name without a leading slash; nil for one with it.
  private mutating func relative(_ name: String) throws(DatasetError) -> ImageLocation? {
    guard !name.isEmpty, !name.hasPrefix("/") else { return nil }
    let path = FolderWalk.join(base.path, name)
    guard !Dataset.isImage(name) else { return base.tree.location(of: path) }
    list(Self.folder(of: path))
    guard let found = stems[Array(path.utf8)] else { return nil }
    guard found.count == 1 else {
      throw .ambiguousFile(folder: Self.folder(of: path), name: Self.lastPart(of: name), found: found)
    }
    return base.tree.location(of: FolderWalk.join(Self.folder(of: path), found[0]))
  }

  /// Notes the images of a folder by their names without endings.
  private mutating func list(_ folder: String) {
    guard listed.insert(Array(folder.utf8)).inserted, let entries = try? base.tree.entries(of: folder) else {
      return
    }
    for entry in entries where entry.kind == .file && Dataset.isImage(entry.name) {
      guard let dot = entry.name.utf8.lastIndex(of: UInt8(ascii: ".")) else { continue }
      let stem = FolderWalk.join(folder, String(entry.name[..<dot]))
      stems[Array(stem.utf8), default: []].append(entry.name)
    }
  }
}

extension ManifestFiles {
  /// The folder ahead of missing names without which the most of them are found, the shortest of those; nil where none are.
  private mutating func folderOfElsewhere(_ missing: [String]) throws(DatasetError) -> String? {
    let step = max(1, missing.count / Self.sampleCount)
    var counts: [[UInt8]: Int] = [:]
    for index in stride(from: 0, to: missing.count, by: step) {
      for folder in Self.folders(aheadOf: Self.portable(missing[index])).prefix(Self.deepest) {
        guard let rest = Self.rest(of: missing[index], behind: folder), try inside(rest) != nil else {
          continue
        }
        counts[Array(folder.utf8), default: 0] += 1
      }
    }
    let best = counts.max { ($0.value, $1.key.count) < ($1.value, $0.key.count) }
    return best.map { String(decoding: $0.key, as: UTF8.self) }
  }

  private static let sampleCount = 64
  private static let deepest = 32

  /// The folders ahead of a name, each with the slash behind it: `/`, `/data/`, `/data/animals/`.
  private static func folders(aheadOf name: String) -> [String] {
    name.utf8.indices.filter { name.utf8[$0] == slash }.map { String(name[...$0]) }
  }

  private static func rest(of name: String, behind folder: String) -> String? {
    let name = portable(name)
    guard name.utf8.starts(with: folder.utf8) else { return nil }
    return String(Substring(name.utf8.dropFirst(folder.utf8.count)))
  }

  /// The name with slashes between its parts.
  private static func portable(_ name: String) -> String {
    name.utf8.contains(UInt8(ascii: "\\")) ? name.replacing("\\", with: "/") : name
  }

  private static let slash = UInt8(ascii: "/")

  /// Whether a name is that of something in the folder, not above it or elsewhere.
  private static func staysInside(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/")
      && !name.utf8.split(separator: slash).contains { $0.elementsEqual("..".utf8) }
  }

  private static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[..<$0]) } ?? ""
  }

  private static func lastPart(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }
}

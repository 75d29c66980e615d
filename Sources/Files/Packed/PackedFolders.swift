import Encoding

/// The folders of an archive: which files and which folders are directly in each.
///
/// Archives list paths; a folder is there when a path leads through it. Of two files of one path the last counts, as when an
/// archive is unpacked.
struct PackedFolders: Sendable {
  struct Folder: Sendable {
    /// The numbers of its files, in code-point order of their names.
    var members: [Int32] = []
    /// The names of the folders in it, in code-point order.
    var folders: [String] = []
  }

  /// By the bytes of their paths: texts that look alike are equal, paths are not.
  private var places: [[UInt8]: Int] = [[]: 0]
  private var list = [Folder()]
  /// What is left for folders, so that a small archive cannot name endless ones.
  private var budget: Int

  /// Sorts all members into folders.
  ///
  /// - Throws: ``FileError/overLimit(place:what:limit:found:)`` for more folders than an archive of its size has.
  init(_ reader: any MemberReader, of archive: FileBytes) throws(FileError) {
    let (most, overflow) = archive.byteCount.addingReportingOverflow(Self.freeByteCount)
    budget = overflow ? .max : most
    var last = (path: "", number: 0)
    for member in 0..<reader.memberCount {
      let path = Self.normalised(reader.name(of: member))
      guard !path.isEmpty else { continue }
      let isFolder = reader.kind(of: member) == .folder
      let folder = isFolder ? path[...] : Self.folder(of: path[...])
      if !folder.utf8.elementsEqual(last.path.utf8) {
        last = (String(folder), try number(of: folder, archive))
      }
      if !isFolder { list[last.number].members.append(Int32(member)) }
    }
    for number in list.indices { Self.sort(&list[number], reader) }
  }

  subscript(path: String) -> Folder? { places[Array(path.utf8)].map { list[$0] } }

  /// The number of the file at `path`; nil where none is.
  func file(at path: String, _ reader: any MemberReader) -> Int? {
    let path = Self.normalised(path)
    let name = Self.lastPart(of: path)
    guard let members = self[String(Self.folder(of: path[...]))]?.members else { return nil }
    var range = members.startIndex..<members.endIndex
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      let found = Self.lastPart(of: reader.name(of: Int(members[middle])))
      if found.utf8.elementsEqual(name.utf8) { return Int(members[middle]) }
      range = FileName.precedes(found, name) ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }

  /// The number of the folder at `path`, which comes to be, with all around it, where it is not there.
  private mutating func number(of path: Substring, _ archive: FileBytes) throws(FileError) -> Int {
    var missing: [Substring] = []
    var place = path
    while places[Array(place.utf8)] == nil {
      missing.append(place)
      place = Self.folder(of: place)
    }
    var parent = places[Array(place.utf8)] ?? 0
    for place in missing.reversed() {
      budget -= Self.folderByteCount + place.utf8.count
      guard budget >= 0 else {
        throw .overLimit(
          place: archive.name, what: "folders in an archive of its size", limit: list.count,
          found: list.count + 1)
      }
      list[parent].folders.append(Self.lastPart(of: String(place)))
      parent = list.count
      places[Array(place.utf8)] = parent
      list.append(Folder())
    }
    return parent
  }

  /// Brings what is in a folder in order; of files of one name the last stays.
  private static func sort(_ folder: inout Folder, _ reader: any MemberReader) {
    folder.folders.sort(by: FileName.precedes)
    let named = folder.members.map { (name: lastPart(of: reader.name(of: Int($0))), member: $0) }
    let isSorted = zip(named, named.dropFirst()).allSatisfy { FileName.precedes($0.name, $1.name) }
    guard !isSorted else { return }
    let sorted = named.sorted { one, other in
      FileName.precedes(one.name, other.name)
        || one.name.utf8.elementsEqual(other.name.utf8) && one.member < other.member
    }
    folder.members = sorted.indices.filter { index in
      index + 1 == sorted.count || !sorted[index].name.utf8.elementsEqual(sorted[index + 1].name.utf8)
    }.map { sorted[$0].member }
  }

  private static let slash = UInt8(ascii: "/")
  /// What a folder takes besides its name.
  private static let folderByteCount = 256
  /// What folders may take in an archive of any size.
  private static let freeByteCount = 24 << 20
}

extension PackedFolders {
  /// A path without empty parts and those that are a dot.
  static func normalised(_ path: String) -> String {
    var (previous, beforeThat) = (slash, slash)
    var isNormal = true
    for byte in path.utf8 {
      let endsPart = byte == slash && (previous == slash || previous == dot && beforeThat == slash)
      if endsPart { isNormal = false }
      (beforeThat, previous) = (previous, byte)
    }
    if isNormal, previous != slash, previous != dot || beforeThat != slash { return path }
    return path.utf8.split(separator: slash).filter { !$0.elementsEqual([dot]) }
      .map { String(Substring($0)) }.joined(separator: "/")
  }

  private static let dot = UInt8(ascii: ".")

  /// What stands ahead of the last slash of a path; empty where there is none.
  static func folder(of path: Substring) -> Substring {
    path.utf8.lastIndex(of: slash).map { path[..<$0] } ?? ""
  }

  /// What stands behind the last slash of a path.
  static func lastPart(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }
}

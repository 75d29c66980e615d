import Encoding
package import Files
import Foundation
package import Images

/// Writes a listing, batch by batch, and its index behind it.
package struct ListingWriter {
  private let path: String
  private let sink: FileSink
  private let format: ListingFormat
  private let columns: [ListingRow.CodingKeys]
  private let classes: [String]
  private let sources: [String]
  private let source: Dataset.Source
  /// What stands ahead of names of files that are given from the current folder, to be found from the listing's.
  private let base: ListingBase

  private var rows = 0
  private var byteCount = 0
  private var archives: [String] = []
  private var lastArchive: String?
  private var segments: [ListingIndex.Segment] = []
  private var blocks: [ListingIndex.Block] = []
  private var block: [UInt8] = []
  private var blockRows = 0

  /// - Parameters:
  ///   - path: where the listing will be.
  ///   - sink: takes its bytes.
  ///   - sources: what is listed, as it was named.
  ///   - source: of what kind that is.
  ///   - classes: the names of the classes; empty without.
  ///   - hasDigests: whether rows have digests.
  package init(
    _ path: String, to sink: FileSink, sources: [String], _ source: Dataset.Source, classes: [String],
    hasDigests: Bool
  ) throws {
    (self.path, self.sink, self.sources, self.source) = (path, sink, sources, source)
    self.classes = classes
    format = try ListingFormat(path)
    columns = ListingColumns.all(hasClasses: !classes.isEmpty, hasDigests: hasDigests)
    base = ListingBase(path)
    let heading = format.heading(columns)
    try heading.withRawSpan { (bytes) throws(FileError) in try sink.write(bytes) }
    byteCount = heading.count
  }

  /// Appends images with what is known of their files.
  package mutating func append(_ item: Dataset.Item, _ fingerprint: ImageFingerprint?) throws {
    let file = base.file(item.path)
    note(file, item)
    let row = ListingRow(
      file: file, label: item.label.map { classes[$0] }, byteCount: fingerprint?.byteCount,
      sha256: fingerprint?.sha256)
    block += try format.line(of: row, columns, path)
    rows += 1
    blockRows += 1
    if blockRows == ListingIndex.usualBlockRows { try endBlock() }
  }

  /// Writes what is left; the text of the index.
  package mutating func finish() throws -> String {
    if blockRows > 0 { try endBlock() }
    let index = ListingIndex(
      rows: rows, byteCount: byteCount, sources: sources, source: source, classes: classes,
      archives: archives,
      segments: segments, blockRows: ListingIndex.usualBlockRows, blocks: blocks)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(index), as: UTF8.self) + "\n"
  }

  private mutating func endBlock() throws {
    var digest = SHA256()
    block.withRawSpan { digest.update($0) }
    blocks.append(ListingIndex.Block(start: byteCount, sha256: digest.hexadecimal))
    try block.withRawSpan { (bytes) throws(FileError) in try sink.write(bytes) }
    byteCount += block.count
    block.removeAll(keepingCapacity: true)
    blockRows = 0
  }

  /// Notes how the name of an image follows from that of its file, and the archive it is in.
  private mutating func note(_ file: String, _ item: Dataset.Item) {
    let shown = file.escapingBytes
    if let last = segments.indices.last, segments[last].names(shown, item.name) {
      segments[last].rows += 1
    } else {
      segments.append(ListingIndex.Segment(shown, item.name))
    }
    guard let archive = item.location.archive, archive != lastArchive else { return }
    lastArchive = archive
    let place = base.file(archive)
    if !archives.contains(place) { archives.append(place) }
  }
}

extension ListingIndex.Segment {
  /// The shortest beginnings that make a name of a file's: both end alike from the first slash on that they can.
  fileprivate init(_ file: String, _ name: String) {
    var (fileParts, nameParts) = (Self.parts(file), Self.parts(name))
    while let last = nameParts.last, fileParts.last == last {
      fileParts.removeLast()
      nameParts.removeLast()
    }
    self.init(rows: 1, file: fileParts.joined(), name: nameParts.joined())
  }

  /// Whether the name of a file becomes that of its image.
  fileprivate func names(_ file: String, _ name: String) -> Bool {
    file.utf8.starts(with: self.file.utf8) && name.utf8.starts(with: self.name.utf8)
      && file.utf8.dropFirst(self.file.utf8.count).elementsEqual(name.utf8.dropFirst(self.name.utf8.count))
  }

  /// The parts of a path, each with the slash behind it.
  private static func parts(_ path: String) -> [String] {
    var parts: [String] = []
    var start = path.utf8.startIndex
    for index in path.utf8.indices where path.utf8[index] == UInt8(ascii: "/") {
      let next = path.utf8.index(after: index)
      parts.append(String(path[start..<next]))
      start = next
    }
    return start < path.utf8.endIndex ? parts + [String(path[start...])] : parts
  }
}

/// How files are called in a listing: from its own folder where they lie below that, and otherwise from the root.
struct ListingBase {
  private let current: String
  private let folder: String

  init(_ path: String) {
    let current = FileManager.default.currentDirectoryPath
    self.current = current.hasSuffix("/") ? current : current + "/"
    let folder = ListedFiles.folder(of: path)
    self.folder = Self.plain(folder.hasPrefix("/") ? folder : self.current + folder)
  }

  func file(_ path: String) -> String {
    let whole = Self.plain(path.hasPrefix("/") ? path : current + path)
    guard whole.utf8.starts(with: folder.utf8) else { return whole }
    return String(Substring(whole.utf8.dropFirst(folder.utf8.count)))
  }

  /// A path from the root without parts that are empty or a dot.
  private static func plain(_ path: String) -> String {
    guard path.contains("./") || path.contains("//") else { return path }
    let slash = UInt8(ascii: "/")
    let parts = path.utf8.split(separator: slash).filter { !$0.elementsEqual([UInt8(ascii: ".")]) }
    let end = path.utf8.last == slash && !parts.isEmpty ? "/" : ""
    return "/" + parts.map { String(Substring($0)) }.joined(separator: "/") + end
  }
}

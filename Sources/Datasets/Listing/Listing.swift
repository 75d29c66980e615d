import Encoding
import Files
import Foundation
import Images

/// Images that were listed once and written down, so that any part of the list is read without looking at the folders, and in
/// memory in proportion to that part.
///
/// The file has one image a line, as JSON lines or as comma-separated values, and is a manifest for everything that reads those. Beside
/// it lies its index: the classes, where the lines begin, and digests by which a file is known that was changed afterwards.
///
/// ```swift
/// try await Listing.write(images: ["photographs"], to: "photographs.jsonl").value
/// let listing = try Listing(contentsOf: "photographs.jsonl")
/// let images = try listing.dataset(rows: 0..<1000)
/// ```
public struct Listing: Sendable {
  /// The file.
  public let path: String
  /// The names of the classes; empty without. There may be no image of some.
  public var classes: [String] { index.classes }
  /// Of what kind the listed images were, which decides what some splits hold back.
  public var source: Dataset.Source { index.source }
  /// How many images are listed.
  public var count: Int { index.rows }
  /// SHA-256 of the index, in lower-case hexadecimal: another listing has another one.
  public let digest: String
  /// The file and its index.
  public var files: [String] { [path, Self.indexPath(of: path)] }

  private let index: ListingIndex
  private let bytes: FileBytes
  private let format: ListingFormat

  /// Where the index of a listing lies.
  public static func indexPath(of path: String) -> String { path + ".index.json" }

  /// Whether a file is a listing: one of its formats by its name, with an index beside it.
  public static func isListing(_ path: String) -> Bool {
    (try? ListingFormat(path)) != nil && FileFacts.byteCount(of: indexPath(of: path)) != nil
  }

  /// Refuses a name that no listing has.
  ///
  /// - Throws: ``ListingError/ending(path:)``.
  public static func check(name path: String) throws(ListingError) { _ = try ListingFormat(path) }

  /// Opens a listing; of its lines nothing is read yet.
  ///
  /// - Throws: ``ListingError``, and `FileError` where a file cannot be read.
  public init(contentsOf path: String) throws {
    self.path = path
    format = try ListingFormat(path)
    bytes = try FileBytes(path: path)
    (index, digest) = try ListingIndex.read(Self.indexPath(of: path))
    guard bytes.byteCount == index.byteCount else {
      throw ListingError.changed(
        path: path, expected: "\(index.byteCount.grouped) bytes", found: "\(bytes.byteCount.grouped) bytes")
    }
  }

  /// All images.
  ///
  /// - Throws: what ``dataset(rows:)`` throws.
  public func dataset() throws -> Dataset { try dataset(rows: 0..<count) }

  /// Some of the images, with all classes.
  ///
  /// - Parameter rows: their places in the listing, from 0.
  /// - Throws: ``ListingError/rows(path:expected:found:)`` for places that it does not have,
  ///   ``ListingError/changed(path:expected:found:)`` where lines are not as they were written, and `FileError`.
  /// - Complexity: O(rows), in time and memory.
  public func dataset(rows: Range<Int>) throws -> Dataset {
    guard rows.lowerBound >= 0, rows.upperBound <= count else {
      throw ListingError.rows(path: path, expected: count, found: rows)
    }
    var items: [Dataset.Item] = []
    var places = ListedFiles(index, of: path)
    let labels = NamedValues(classes.enumerated().map { (name: $0.element, value: $0.offset) })
    for number in index.blocks(of: rows) {
      let first = number * index.blockRows
      for (row, line) in try lines(ofBlock: number).enumerated() where rows.contains(first + row) {
        let label = line.label.flatMap { labels[$0] }
        guard (label == nil) == (line.label == nil) else {
          throw ListingError.malformed(path: path, reason: "expected a class of its index, found another")
        }
        items.append(try places.item(of: line, at: first + row, label))
      }
    }
    return Dataset(place: path, source: source, classes: classes, items: items)
  }

  private func lines(ofBlock number: Int) throws -> [ListingRow] {
    let range = index.bytes(ofBlock: number)
    let block = try bytes.bytes(at: range.lowerBound, count: range.count)
    var digest = SHA256()
    block.withRawSpan { digest.update($0) }
    guard digest.hexadecimal == index.blocks[number].sha256 else {
      let first = number * index.blockRows
      throw ListingError.changed(
        path: path, expected: "lines as they were written",
        found: "others from row \(first.grouped) on")
    }
    let lines = try format.rows(of: block, hasClasses: !classes.isEmpty, path)
    let expected = min(index.blockRows, count - number * index.blockRows)
    guard lines.count == expected else {
      throw ListingError.malformed(
        path: path, reason: "expected \(expected.grouped) lines, found \(lines.count.grouped)")
    }
    return lines
  }
}

/// Finds the files of a listing's rows.
struct ListedFiles {
  private let listing: String
  private let folder: String
  private let archives: Set<String>
  private let segments: [ListingIndex.Segment]
  /// The segment at hand and the first row behind it.
  private var segment = -1
  private var end = 0

  init(_ index: ListingIndex, of path: String) {
    (listing, folder) = (path, Self.folder(of: path))
    (archives, segments) = (Set(index.archives), index.segments)
  }

  /// What stands ahead of a listing's name, with the slash; empty for one in the current folder.
  static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }

  /// - Parameter row: in ascending order from one call to the next.
  mutating func item(of line: ListingRow, at row: Int, _ label: Int?) throws -> Dataset.Item {
    while row >= end {
      segment += 1
      end += segments[segment].rows
    }
    let (file, name) = (segments[segment].file, segments[segment].name)
    let shown = line.file.escapingBytes
    if let problem = ManifestReader.problem(inName: line.file) {
      throw ListingError.malformed(path: listing, reason: problem)
    }
    guard shown.utf8.starts(with: file.utf8) else {
      throw ListingError.malformed(path: listing, reason: "expected a file in \(file), found \(shown)")
    }
    let fingerprint = line.byteCount.map { ImageFingerprint(byteCount: $0, sha256: line.sha256) }
    return Dataset.Item(
      location: try location(of: line.file),
      name: name + String(Substring(shown.utf8.dropFirst(file.utf8.count))), label: label,
      fingerprint: fingerprint)
  }

  private func location(of file: String) throws -> ImageLocation {
    let path = file.hasPrefix("/") ? file : folder + file
    guard !archives.isEmpty, isPacked(file) else { return ImageLocation(path: path) }
    do throws(FileError) {
      return try ImageLocation(path: path).resolved()
    } catch {
      throw ListingError.changed(
        path: listing, expected: "the archive of \(file) as it was listed", found: "another: \(error)")
    }
  }

  /// Whether one of the archives is ahead of a file's name.
  private func isPacked(_ file: String) -> Bool {
    file.utf8.indices.contains {
      file.utf8[$0] == UInt8(ascii: "/") && archives.contains(String(file[..<$0]))
    }
  }
}

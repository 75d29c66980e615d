import Encoding
import Files
public import Foundation
import Images

/// Paths of images as another program prints them, a line each, or with a zero byte behind each where there are zero bytes: what
/// `find` prints, or `find -print0`.
///
/// A carriage return at the end of a line belongs to the line's end. Empty lines are none. A path has at most 64 KiB.
public struct PathLines {
  /// What messages call the list.
  var place = "standard input"
  private let file: FileHandle
  private var rest: [UInt8] = []
  private var separator: UInt8?
  private var isAtEnd = false

  private static let chunkByteCount = 1 << 16
  private static let mostPathBytes = 1 << 16
  private static let zero: UInt8 = 0
  private static let newline = UInt8(ascii: "\n")

  /// Reads from an open file or a pipe, as far as paths are asked for.
  public init(_ file: FileHandle) { self.file = file }

  /// The next paths, as many as were read at a time; nil after the last.
  ///
  /// - Throws: ``DatasetError/unreadable(path:reason:)`` where the system does not let it be read, and
  ///   ``DatasetError/malformedManifest(path:line:detail:)`` for what is too long to be a path.
  public mutating func next() throws(DatasetError) -> [String]? {
    while !isAtEnd {
      let byteCount = try readOn()
      isAtEnd = byteCount == 0
      let paths = try takeLines(isAtEnd ? rest.count : wholeLineByteCount())
      guard rest.count <= Self.mostPathBytes else { throw tooLong }
      if !paths.isEmpty { return paths }
    }
    return nil
  }

  /// Reads what there is; returns how many bytes that is, 0 at the end.
  private mutating func readOn() throws(DatasetError) -> Int {
    do throws(SystemError) {
      return try readNext(from: file.fileDescriptor, atMost: Self.chunkByteCount, into: &rest)
    } catch {
      isAtEnd = true
      throw .unreadable(path: place, reason: error.reason)
    }
  }

  private var tooLong: DatasetError {
    .malformedManifest(
      path: place, line: 0,
      detail:
        "expected a path a line of at most \(Self.mostPathBytes.grouped) bytes, found a longer line; give it a list of paths"
    )
  }

  /// How many of the bytes are whole lines.
  private mutating func wholeLineByteCount() -> Int {
    if separator == nil {
      separator =
        rest.contains(Self.zero) ? Self.zero : rest.contains(Self.newline) ? Self.newline : nil
    }
    guard let separator, let last = rest.lastIndex(of: separator) else { return 0 }
    return last + 1
  }

  private mutating func takeLines(_ byteCount: Int) throws(DatasetError) -> [String] {
    let separator = separator ?? Self.newline
    let lines = rest[..<byteCount].split(separator: separator).map { line in
      separator == Self.newline && line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
    rest.removeFirst(byteCount)
    guard lines.allSatisfy({ $0.count <= Self.mostPathBytes }) else { throw tooLong }
    guard !lines.contains(where: { $0.contains(Self.zero) }) else {
      throw .malformedManifest(
        path: place, line: 0,
        detail:
          "expected a path a line, or a zero byte behind each, found both; end all paths alike (find -print0)"
      )
    }
    return lines.filter { !$0.isEmpty }.map { FileName.text(of: Array($0)) }
  }
}

extension Dataset {
  /// Images by their paths, in their order, without classes; what cannot be read is found when it is read, as a bad image.
  ///
  /// ```swift
  /// let dataset = try Dataset(paths: PathLines(.standardInput))
  /// ```
  ///
  /// - Parameters:
  ///   - lines: the paths, which may lead into archives.
  ///   - place: what messages call the list.
  /// - Throws: ``DatasetError/noImages(place:)`` where there is no path, and what ``PathLines/next()`` throws.
  public init(paths lines: PathLines, place: String = "standard input") throws(DatasetError) {
    try self.init(ImageStream(paths: lines, place: place))
  }

  /// Where the image at a path is, or will be looked for.
  static func item(at path: String) -> Item {
    let location = (try? ImageLocation(resolving: path)) ?? ImageLocation(path: path)
    return Item(location: location, name: path.escapingBytes, label: nil)
  }
}

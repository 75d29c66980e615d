import Encoding
import Files
import Foundation

/// What is known of a listing beside its lines.
struct ListingIndex: Codable, Equatable {
  /// Lines that were digested together.
  struct Block: Codable, Equatable {
    /// Of its first byte.
    let start: Int
    let sha256: String
  }

  /// Rows one after the other whose names follow from the names of their files: what stands ahead of both is another.
  struct Segment: Codable, Equatable {
    var rows: Int
    let file: String
    let name: String
  }

  static let currentVersion = 1
  /// Lines in a block: more make an index smaller, and reading a few rows slower.
  static let usualBlockRows = 4096

  var version = currentVersion
  let rows: Int
  let byteCount: Int
  /// What was listed, as it was named.
  let sources: [String]
  /// Of what kind that is, which decides what some splits hold back.
  let source: Dataset.Source
  let classes: [String]
  /// The archives that some of the files are in.
  let archives: [String]
  let segments: [Segment]
  let blockRows: Int
  let blocks: [Block]

  private static let mostBytes = 1 << 30

  /// The blocks that some of `rows` are in.
  func blocks(of rows: Range<Int>) -> Range<Int> {
    rows.isEmpty ? 0..<0 : rows.lowerBound / blockRows..<(rows.upperBound - 1) / blockRows + 1
  }

  func bytes(ofBlock number: Int) -> Range<Int> {
    blocks[number].start..<(number + 1 < blocks.count ? blocks[number + 1].start : byteCount)
  }

  /// Reads an index.
  ///
  /// - Returns: it, and its SHA-256.
  static func read(_ path: String) throws -> (ListingIndex, digest: String) {
    let file = try FileBytes(path: path)
    guard file.byteCount <= mostBytes else {
      throw ListingError.malformed(path: path, reason: "expected at most \(mostBytes.grouped) bytes")
    }
    let bytes = try file.bytes(at: 0, count: file.byteCount)
    let text = String(decoding: bytes, as: UTF8.self)
    if let problem = JSONBudget.problem(with: text, bytesPerValue: 8) {
      throw ListingError.malformed(path: path, reason: problem)
    }
    guard let index = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
      throw ListingError.malformed(path: path, reason: "expected an index, found something else")
    }
    guard index.version == currentVersion else {
      throw ListingError.malformed(
        path: path, reason: "expected version \(currentVersion) of the index, found \(index.version)")
    }
    guard index.isConsistent else {
      throw ListingError.malformed(path: path, reason: "expected counts that agree, found others")
    }
    var digest = SHA256()
    bytes.withRawSpan { digest.update($0) }
    return (index, digest.hexadecimal)
  }

  private var isConsistent: Bool {
    // No line is shorter.
    guard rows >= 0, byteCount >= 0, rows <= byteCount / 4, blockRows > 0,
      blocks.count == rows / blockRows + (rows % blockRows > 0 ? 1 : 0)
    else { return false }
    var (left, end) = (rows, 0)
    for segment in segments {
      guard 1...max(1, left) ~= segment.rows, left > 0 else { return false }
      left -= segment.rows
    }
    for block in blocks {
      guard block.start >= end, block.start <= byteCount else { return false }
      end = block.start
    }
    return left == 0 && Set(classes.map { Array($0.utf8) }).count == classes.count
  }
}

import Encoding
import Files
import Images
import TensorArchive

/// How a shard of the feature cache is laid out: rows of features that one run computed, in a file that is never
/// changed.
///
/// | bytes | what |
/// | --- | --- |
/// | 8 | `ZOOROWS1` |
/// | 8 | bytes of the context, little-endian as all numbers |
/// | 8 | numbers in a row |
/// | 8 | rows |
/// | context | what the rows were computed by, as text |
/// | 20 a row | key (16) and CRC-32 of the row's bytes (4) |
/// | 4 | CRC-32 of everything so far |
/// | padding | zeros, to a multiple of 64 |
/// | rows | `float32` |
struct ShardLayout {
  static let mark = Array("ZOOROWS1".utf8)
  static let fixedByteCount = 32
  static let entryByteCount = ImageKey.byteCount + 4

  let contextByteCount: Int
  let rowWidth: Int
  let rowCount: Int

  /// Where the keys begin.
  var indexStart: Int { Self.fixedByteCount + contextByteCount }
  /// Where the checksum of what is before it stands.
  var checksumStart: Int { indexStart + rowCount * Self.entryByteCount }
  /// Where the rows begin.
  var rowsStart: Int { (checksumStart + 4 + 63) / 64 * 64 }
  var rowByteCount: Int { rowWidth * 4 }
  var byteCount: Int { rowsStart + rowCount * rowByteCount }

  func range(ofRow row: Int) -> Range<Int> {
    let start = rowsStart + row * rowByteCount
    return start..<start + rowByteCount
  }

  init(contextByteCount: Int, rowWidth: Int, rowCount: Int) {
    self.contextByteCount = contextByteCount
    self.rowWidth = rowWidth
    self.rowCount = rowCount
  }

  /// The layout that the first bytes of a file of `byteCount` bytes speak of; nil when they do not fit it to the
  /// byte.
  init?(_ fixed: [UInt8], byteCount: Int) {
    guard fixed.count == Self.fixedByteCount, fixed.starts(with: Self.mark) else { return nil }
    let numbers = (1..<4).map { UInt64(littleEndian: fixed[8 * $0..<8 * $0 + 8]) }
    // No number of a real file is larger than the file, which keeps every product below within `Int`.
    guard numbers.allSatisfy({ $0 > 0 && $0 <= UInt64(byteCount) && $0 < 1 << 31 }) else { return nil }
    self.init(contextByteCount: Int(numbers[0]), rowWidth: Int(numbers[1]), rowCount: Int(numbers[2]))
    guard rowCount <= byteCount / rowByteCount, self.byteCount == byteCount else { return nil }
  }

  /// Whether the file at `path` begins as a shard does.
  static func isMarked(_ path: String) -> Bool {
    (try? FileBytes(path: path).head(mark.count)) == mark
  }

  /// Everything ahead of the rows.
  func head(context: String, keys: [ImageKey], checksums: [UInt32]) -> [UInt8] {
    var bytes = Self.mark
    for number in [contextByteCount, rowWidth, rowCount] { bytes += UInt64(number).littleEndianBytes }
    bytes += Array(context.utf8)
    for (key, checksum) in zip(keys, checksums) { bytes += key.bytes + checksum.littleEndianBytes }
    bytes += bytes.withRawSpan { CRC32.of($0) }.littleEndianBytes
    return bytes + [UInt8](repeating: 0, count: rowsStart - bytes.count)
  }
}

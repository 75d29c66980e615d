import Encoding
import Files
package import Images
import TensorArchive
import Tensors

/// A shard that is open: rows by key, each checked when it is read.
package struct FeatureShard: Sendable {
  let path: String
  /// What the rows were computed by.
  let context: String
  package let keys: [ImageKey]
  let layout: ShardLayout
  private let checksums: [UInt32]
  private let rows: [ImageKey: Int]

  /// Opens a shard; nil for a file that is anything but what was written, as far as its head shows.
  package init?(path: String) {
    guard let file = try? FileBytes(path: path), let fixed = try? file.head(ShardLayout.fixedByteCount),
      let layout = ShardLayout(fixed, byteCount: file.byteCount),
      let head = try? file.head(layout.checksumStart + 4)
    else { return nil }
    let sum = UInt32(littleEndian: head[layout.checksumStart...])
    guard sum == head.dropLast(4).withCopiedSpan(CRC32.of) else { return nil }
    self.path = path
    self.layout = layout
    context = String(decoding: head[ShardLayout.fixedByteCount..<layout.indexStart], as: UTF8.self)
    let entries = stride(from: layout.indexStart, to: layout.checksumStart, by: ShardLayout.entryByteCount)
    keys = entries.map { ImageKey(head[$0..<$0 + ImageKey.byteCount]) }
    checksums = entries.map {
      UInt32(littleEndian: head[$0 + ImageKey.byteCount..<$0 + ShardLayout.entryByteCount])
    }
    rows = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var byteCount: Int { layout.byteCount }

  func contains(_ key: ImageKey) -> Bool { rows[key] != nil }

  /// The row called `key`; nil when it is not here, or not what was written.
  package func row(_ key: ImageKey) -> [Float]? {
    guard let row = rows[key], let storage = try? storage(ofRow: row) else { return nil }
    let view = TensorView(
      shape: [layout.rowWidth], scalarType: .float32, storage: storage, range: 0..<layout.rowByteCount)
    return view?.floats()
  }

  /// How many rows are not what was written.
  var damagedRowCount: Int { (0..<layout.rowCount).count { (try? storage(ofRow: $0)) == nil } }

  /// A row's bytes; nil when they are not what was written.
  ///
  /// The file is opened for each: a cache has more of them than a process may have files open.
  private func storage(ofRow row: Int) throws(FileError) -> HeapStorage? {
    let storage = try FileBytes(path: path).storage(of: layout.range(ofRow: row))
    return storage.withBytes { CRC32.of($0) } == checksums[row] ? storage : nil
  }

  /// A row to write: part of what was computed with others, which is not copied.
  package typealias Row = (key: ImageKey, values: ArraySlice<Float>)

  /// Writes a shard; the file's name follows from what is in it. The disk is not waited for: every row has a checksum, and what is
  /// lost is computed again.
  ///
  /// - Returns: the path.
  package static func write(
    _ rows: [Row], context: String, to folder: String
  ) throws -> String {
    let layout = ShardLayout(
      contextByteCount: context.utf8.count, rowWidth: rows.first?.values.count ?? 0, rowCount: rows.count)
    let checksums = rows.map { row in row.values.withLittleEndianBytes { CRC32.of($0) } }
    let head = layout.head(context: context, keys: rows.map(\.key), checksums: checksums)
    var digest = SHA256()
    head.withRawSpan { digest.update($0) }
    let path = "\(folder)/\(digest.hexadecimal.prefix(digitCount)).\(FeatureShard.ending)"
    try AtomicFile.write(to: path, isLasting: false) { sink in
      try head.withRawSpan { try sink.write($0) }
      for row in rows { try row.values.withLittleEndianBytes { try sink.write($0) } }
    }
    return path
  }

  static let ending = "rows"
  private static let digitCount = 24

  /// Whether files written by ``write(_:context:to:)`` are called so.
  static func isFileName(_ name: String) -> Bool {
    name.hasSuffix("." + ending) && String(name.dropLast(ending.count + 1)).isHexadecimal(count: digitCount)
  }

  /// Whether such a file is called so as long as it is being written: `.0f…3a.rows.0.tmp`.
  static func isTemporaryName(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 5 && parts[0].isEmpty && isFileName("\(parts[1]).\(parts[2])")
      && Int(parts[3]) != nil && parts[4] == "tmp"
  }
}

extension ArraySlice<UInt8> {
  fileprivate func withCopiedSpan<Result>(_ body: (RawSpan) -> Result) -> Result {
    Array(self).withRawSpan(body)
  }
}

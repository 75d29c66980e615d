import Files
import TensorArchive
import Tensors

extension FeatureShards {
  /// Puts all shards together in a `.npy` or `.safetensors` file: byte for byte the one that one process writes, if the shards
  /// were computed by machines of one kind. In constant memory but for the names.
  ///
  /// - Returns: a job that throws ``ShardError/incomplete(folder:count:missing:damaged:)`` unless every shard is finished and as
  ///   it was written, and `FileError` where the file cannot be written; `path` is then as it was.
  /// - Throws: ``FeatureFileError`` for an ending of another format, or one that cannot hold so many tensors.
  public func merge(to path: String) throws(FeatureFileError) -> Job<MergeEvent, Merged> {
    let format = try FeatureFile.format(of: path)
    try format.check(columns, path: path)
    return Job(superseding: { _, _ in true }) { context in
      if let clash = RunOutputs(files: [path, path + ".csv"]).clash(with: files) {
        throw FileError.isInput(path: clash.output, input: clash.other)
      }
      let parts = try parts(context.cancellation)
      let rows = try ShardedRows(run, parts)
      if rows.kept.files.isEmpty, let first = parts.lazy.flatMap(\.record.skipped).first {
        throw ModelZooError.nothingReadable(count: run.images, first: first.reason)
      }
      try format.write(to: path, columns: columns, candidates: rows.candidates) { append in
        try rows.forEachBatch { batch, done in
          try context.cancellation.check()
          try append(batch)
          context.report(.rows(done: done, total: rows.kept.files.count))
        }
        return rows.kept
      }
      return Merged(
        rows: rows.kept, skipped: parts.flatMap(\.record.skipped),
        machines: Set(parts.map(\.record.machine)).sorted())
    }
  }

  /// All shards as one table in memory.
  ///
  /// - Parameter layer: whose features to read of shards with several layers; nil for the only ones.
  /// - Throws: ``ShardError/incomplete(folder:count:missing:damaged:)``, ``FeatureFileError`` for a layer that is not there.
  package func table(layer: String?) throws -> (features: Tensor, rows: FeatureRows) {
    guard let column = try column(layer) else {
      throw FeatureFileError.severalTensors(path: folder, found: columns.map(\.name))
    }
    let rows = try ShardedRows(run, parts(Cancellation()))
    var scalars: [Float] = []
    try rows.forEachBatch { batch, _ in scalars += batch[column] }
    let shape = TensorShape([rows.kept.files.count] + columns[column].shape.dimensions)
    return (Tensor(shape: shape, scalars: scalars), rows.kept)
  }

  private func column(_ layer: String?) throws(FeatureFileError) -> Int? {
    guard let layer else { return columns.count == 1 ? 0 : nil }
    guard let index = columns.firstIndex(where: { $0.name == layer }) else {
      throw .noSuchTensor(path: folder, name: layer, found: columns.map(\.name))
    }
    return index
  }

  private var columns: [FeatureColumn] {
    run.columns.map { FeatureColumn(name: $0.name, shape: TensorShape($0.shape)) }
  }

  /// All shards, each as it was written.
  private func parts(_ cancellation: Cancellation) throws -> [ShardPart] {
    var (parts, missing, damaged): ([ShardPart], [Int], [Int]) = ([], [], [])
    for index in 0..<run.shards {
      try cancellation.check()
      do {
        let shard = try Shard(index, of: run.shards)
        guard let part = try ShardPart(shard, in: ShardFolder(path: folder), run) else {
          missing.append(index)
          continue
        }
        parts.append(part)
      } catch {
        damaged.append(index)
      }
    }
    guard missing.isEmpty, damaged.isEmpty else {
      throw ShardError.incomplete(folder: folder, count: run.shards, missing: missing, damaged: damaged)
    }
    return parts
  }
}

/// A finished shard whose file is as it was written.
struct ShardPart {
  let record: ShardRecord
  let path: String
  let rows: FeatureRows
  /// The places of its images in the listing.
  let places: Range<Int>

  /// - Returns: nil for one that is not finished.
  /// - Throws: for one that is not as it was written.
  init?(_ shard: Shard, in folder: ShardFolder, _ run: ShardedRun) throws {
    guard let record = try folder.intactRecord(of: shard) else { return nil }
    self.record = record
    path = folder.partPath(shard)
    places = shard.images(of: run.images)
    let archive = try Archive(contentsOf: path)
    rows = try SafetensorsFeatureFile.rows(of: archive)
    guard rows.files.count == record.rows, record.rows + record.skipped.count == places.count,
      rows.labels.count == (run.classes.isEmpty ? 0 : rows.files.count),
      rows.classNames.map({ Array($0.utf8) }) == run.classes.map({ Array($0.utf8) }),
      record.skipped.allSatisfy({ places.contains($0.index) }),
      run.columns.allSatisfy({ archive.shape(of: $0.name)?.dimensions == [record.rows] + $0.shape })
    else { throw ShardError.malformed(path: path, reason: "expected \(places.count) images, found others") }
  }
}

/// The rows of all shards, one after the other.
struct ShardedRows {
  /// Read at a time.
  private static let batchByteCount = 4 << 20

  /// Those there are.
  let kept: FeatureRows
  /// Those there would be if every image could be read.
  let candidates: FeatureRows

  private let columns: [ShardedRun.Column]
  private let parts: [ShardPart]

  init(_ run: ShardedRun, _ parts: [ShardPart]) throws {
    (columns, self.parts) = (run.columns, parts)
    var kept = FeatureRows(
      files: parts.flatMap(\.rows.files), labels: parts.flatMap(\.rows.labels), classNames: run.classes)
    kept.nonFiniteCount = parts.reduce(0) { $0 + $1.record.notFinite }
    self.kept = kept
    let files = parts.flatMap { part in
      var read = part.rows.files.makeIterator()
      let skipped = Dictionary(part.record.skipped.map { ($0.index, $0.name) }) { first, _ in first }
      return part.places.map { skipped[$0] ?? read.next() ?? "" }
    }
    candidates = FeatureRows(
      files: files, labels: run.classes.isEmpty ? [] : files.map { _ in 0 }, classNames: run.classes)
  }

  /// Calls `body` with rows of each column, and how many rows that makes.
  func forEachBatch(_ body: (_ rows: [[Float]], _ done: Int) throws -> Void) throws {
    let widths = columns.map { $0.shape.reduce(1, *) }
    let batch = max(1, Self.batchByteCount / (4 * max(1, widths.reduce(0, +))))
    var done = 0
    for part in parts {
      let archive = try Archive(contentsOf: part.path)
      for start in stride(from: 0, to: part.record.rows, by: batch) {
        let rows = start..<min(start + batch, part.record.rows)
        done += rows.count
        try body(
          zip(columns, widths).map { column, width in
            try archive.floats(of: column.name, at: rows.lowerBound * width..<rows.upperBound * width)
          }, done)
      }
    }
  }
}

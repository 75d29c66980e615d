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
      try format.write(
        to: path, columns: columns, candidates: rows.candidates, origin: run.origin,
        missing: { rows.missing }
      ) { append in
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

  /// All shards as one set, in which nothing but names is in memory.
  ///
  /// - Parameter layer: whose features to read of shards with several layers; nil for the only ones.
  /// - Throws: ``ShardError/incomplete(folder:count:missing:damaged:)``, ``FeatureFileError`` for a layer that is not there.
  func set(layer: String?) throws -> FeatureSet {
    guard let column = try column(layer) else {
      throw FeatureFileError.severalTensors(path: folder, found: columns.map(\.name))
    }
    let rows = try ShardedRows(run, parts(Cancellation()))
    let name = columns[column].name
    return FeatureSet(
      path: folder, rows: rows.kept, rowShape: columns[column].shape, parts: rows.parts(of: column),
      origin: run.origin, missing: rows.missing, layer: name == FeatureColumn.features ? nil : name,
      column: column)
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
    let digest = try run.digest()
    for index in 0..<run.shards {
      try cancellation.check()
      do {
        let shard = try Shard(index, of: run.shards)
        guard let part = try ShardPart(shard, in: ShardFolder(path: folder), run, digest: digest) else {
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
  let rows: FeatureRows
  /// For each tensor where its rows are.
  let columns: [FeaturePart]
  /// The images of the whole listing that have no row here.
  let missing: [MissingImage]
  /// The places of its images in the listing.
  let places: Range<Int>

  /// - Returns: nil for one that is not finished.
  /// - Throws: for one that is not as it was written.
  init?(_ shard: Shard, in folder: ShardFolder, _ run: ShardedRun, digest: String) throws {
    guard let record = try folder.intactRecord(of: shard, in: digest) else { return nil }
    self.record = record
    let path = folder.partPath(shard)
    let places = shard.images(of: run.images)
    let archive = try Archive(contentsOf: path)
    let rows = try SafetensorsFeatureFile.rows(of: archive)
    (self.places, self.rows) = (places, rows)
    missing = try SafetensorsFeatureFile.missing(of: archive, rows).map {
      MissingImage(index: places.lowerBound + $0.index, label: $0.label)
    }
    guard rows.files.count == record.rows, record.rows + record.skipped.count == places.count,
      rows.labels.count == (run.classes.isEmpty ? 0 : rows.files.count),
      rows.classNames.map({ Array($0.utf8) }) == run.classes.map({ Array($0.utf8) }),
      record.skipped.map(\.index) == missing.map(\.index), missing.allSatisfy({ places.contains($0.index) }),
      run.columns.allSatisfy({ archive.shape(of: $0.name)?.dimensions == [record.rows] + $0.shape })
    else { throw ShardError.malformed(path: path, reason: "expected \(places.count) images, found others") }
    columns = try run.columns.map {
      try SafetensorsFeatureFile.part($0.name, of: archive, parts: run.shards).part
    }
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
  /// The images without one.
  let missing: [MissingImage]

  private let columns: [ShardedRun.Column]
  private let parts: [ShardPart]

  init(_ run: ShardedRun, _ parts: [ShardPart]) throws {
    (columns, self.parts) = (run.columns, parts)
    var kept = FeatureRows(
      files: parts.flatMap(\.rows.files), labels: parts.flatMap(\.rows.labels), classNames: run.classes)
    kept.nonFiniteCount = parts.reduce(0) { $0 + $1.record.notFinite }
    self.kept = kept
    missing = parts.flatMap(\.missing)
    let files = parts.flatMap { part in
      var read = part.rows.files.makeIterator()
      let skipped = Dictionary(part.record.skipped.map { ($0.index, $0.name) }) { first, _ in first }
      return part.places.map { skipped[$0] ?? read.next() ?? "" }
    }
    candidates = FeatureRows(
      files: files, labels: run.classes.isEmpty ? [] : files.map { _ in 0 }, classNames: run.classes)
  }

  /// Where the rows of a tensor are, shard after shard.
  func parts(of column: Int) -> [FeaturePart] {
    var count = 0
    return parts.map { part in
      defer { count += part.record.rows }
      return part.columns[column].behind(count)
    }
  }

  /// Calls `body` with rows of each column, and how many rows that makes.
  func forEachBatch(_ body: (_ rows: [[Float]], _ done: Int) throws -> Void) throws {
    let widths = columns.map { $0.shape.reduce(1, *) }
    let batch = max(1, Self.batchByteCount / (4 * max(1, widths.reduce(0, +))))
    var done = 0
    for part in parts {
      for start in stride(from: 0, to: part.record.rows, by: batch) {
        let rows = start..<min(start + batch, part.record.rows)
        done += rows.count
        try body(
          zip(part.columns, widths).map { column, width in
            var scalars = [Float](repeating: 0, count: rows.count * width)
            var target = scalars.mutableSpan
            try column.read(rows, into: &target, at: 0)
            return scalars
          }, done)
      }
    }
  }
}

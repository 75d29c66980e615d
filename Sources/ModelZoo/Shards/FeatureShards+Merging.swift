import Datasets
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
        throw ModelZooError.nothingReadable(count: rows.candidates.files.count, first: first.reason)
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
        machines: Set(parts.map(\.record.machine)).sorted(),
        notes: parts.flatMap { part in (part.record.notes ?? []).map { (part.record.shard, $0) } }
          .map(ShardNote.init))
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
  ///
  /// - Throws: ``ShardError/incomplete(folder:count:missing:damaged:)``, and what the system says of a file that it does not let us read.
  private func parts(_ cancellation: Cancellation) throws -> [ShardPart] {
    var (parts, missing, damaged): ([ShardPart], [Int], [Int]) = ([], [], [])
    let folder = ShardFolder(path: self.folder)
    let digest = try run.digest()
    for index in 0..<run.shards {
      try cancellation.check()
      do {
        let shard = try Shard(index, of: run.shards)
        let start = run.images.map { shard.images(of: $0).lowerBound } ?? parts.last?.places.upperBound ?? 0
        guard let part = try ShardPart(shard, in: folder, run, digest: digest, start: start) else {
          missing.append(index)
          continue
        }
        parts.append(part)
      } catch  where !error.isOfSystem {
        damaged.append(index)
      }
    }
    guard missing.isEmpty, damaged.isEmpty else {
      throw ShardError.incomplete(
        folder: folder.path, count: run.shards, missing: missing, damaged: damaged)
    }
    if run.archives != nil { try checkArchives(parts) }
    return parts
  }

  /// Refuses archives that one process would not have listed.
  private func checkArchives(_ parts: [ShardPart]) throws {
    let filled = parts.filter { !$0.places.isEmpty }
    guard !filled.isEmpty else { throw DatasetError.noImages(place: folder) }
    let unlabelled = filled.filter(\.rows.classNames.isEmpty).map(\.record.shard)
    guard unlabelled.isEmpty || unlabelled.count == filled.count else {
      throw ShardError.partlyLabelled(
        folder: folder, labelled: filled.filter { !$0.rows.classNames.isEmpty }.map(\.record.shard),
        unlabelled: unlabelled)
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
    let classes = run.archives == nil ? run.classes : Dataset.classOrder(of: parts.flatMap(\.rows.classNames))
    // A shard of archives numbers its own classes.
    let numbers = parts.map { $0.numbers(among: classes) }
    let labels = zip(parts, numbers).flatMap { part, numbers in part.rows.labels.map { numbers[$0] } }
    var kept = FeatureRows(files: parts.flatMap(\.rows.files), labels: labels, classNames: classes)
    kept.nonFiniteCount = parts.reduce(0) { $0 + $1.record.notFinite }
    self.kept = kept
    missing = zip(parts, numbers).flatMap { part, numbers in
      part.missing.map { MissingImage(index: $0.index, label: $0.label.map { numbers[$0] }) }
    }
    let files = parts.flatMap { part in
      var read = part.rows.files.makeIterator()
      let skipped = Dictionary(part.record.skipped.map { ($0.index, $0.name) }) { first, _ in first }
      return part.places.map { skipped[$0] ?? read.next() ?? "" }
    }
    candidates = FeatureRows(
      files: files, labels: classes.isEmpty ? [] : files.map { _ in 0 }, classNames: classes)
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

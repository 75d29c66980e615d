import TensorArchive

/// A finished shard whose file is as it was written.
struct ShardPart {
  let record: ShardRecord
  /// With the classes of this shard.
  let rows: FeatureRows
  /// For each tensor where its rows are.
  let columns: [FeaturePart]
  /// The images of the whole listing that have no row here.
  let missing: [MissingImage]
  /// The places of its images in the listing.
  let places: Range<Int>

  /// - Parameter start: the place of its first image.
  /// - Returns: nil for one that is not finished.
  /// - Throws: for one that is not as it was written.
  init?(
    _ shard: Shard, in folder: ShardFolder, _ run: ShardedRun, digest: String, start: Int
  ) throws {
    guard var record = try folder.intactRecord(of: shard, in: digest) else { return nil }
    let path = folder.partPath(shard)
    // Of archives a shard knows its own images alone.
    let shift = run.images == nil ? start : 0
    for index in record.skipped.indices { record.skipped[index].index += shift }
    self.record = record
    let count = record.rows + record.skipped.count
    places = start..<start + count
    let archive = try Archive(oneOfMany: path)
    rows = try SafetensorsFeatureFile.rows(of: archive)
    missing = try SafetensorsFeatureFile.missing(of: archive, rows).map {
      MissingImage(index: start + $0.index, label: $0.label)
    }
    columns = try run.columns.map {
      try SafetensorsFeatureFile.part($0.name, of: archive).part
    }
    let shapes = run.columns.map { archive.shape(of: $0.name)?.dimensions == [record.rows] + $0.shape }
    guard isConsistent(with: run, shard), shapes.allSatisfy(\.self) else {
      throw ShardError.malformed(path: path, reason: "expected \(count.grouped) images, found others")
    }
  }

  /// Whether its images are those that the run and the record say.
  private func isConsistent(with run: ShardedRun, _ shard: Shard) -> Bool {
    let isComplete = run.images.map { shard.images(of: $0) == places } ?? true
    let bytes = { (names: [String]) in names.map { Array($0.utf8) } }
    return isComplete && rows.files.count == record.rows
      && rows.labels.count == (rows.classNames.isEmpty ? 0 : rows.files.count)
      && (run.archives != nil || bytes(rows.classNames) == bytes(run.classes))
      && record.skipped.map(\.index) == missing.map(\.index)
      && missing.allSatisfy { places.contains($0.index) }
  }

  /// For each of its classes its number among those of all shards.
  func numbers(among classes: [String]) -> [Int] {
    let numbers = Dictionary(
      classes.enumerated().map { (Array($0.element.utf8), $0.offset) },
      uniquingKeysWith: { first, _ in first })
    return rows.classNames.compactMap { numbers[Array($0.utf8)] }
  }
}

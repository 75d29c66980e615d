public import Foundation

extension FeatureCache {
  /// Rows that were computed the same way.
  public struct Shelf: Hashable, Sendable {
    /// What they were computed by: the network, the cut, the input and the preprocessing, one a line.
    public let context: String
    /// The number of rows.
    public let rowCount: Int
    /// The numbers in each.
    public let rowWidth: Int
    /// The number of files.
    public let fileCount: Int
    /// Their size.
    public let byteCount: Int
    /// When a row was last read or written.
    public let lastUse: Date
    /// Rows that are not what was written; they count as absent.
    public let damagedRowCount: Int
  }

  /// What is in the cache, the latest used first.
  ///
  /// - Parameter verifying: whether every row is read and its checksum looked at.
  public func shelves(verifying: Bool = false) -> [Shelf] {
    Dictionary(grouping: files, by: \.folder).values.compactMap { files in
      let shards = files.compactMap { FeatureShard(path: $0.path) }
      guard let first = shards.first else { return nil }
      return Shelf(
        context: first.context, rowCount: shards.reduce(0) { $0 + $1.layout.rowCount },
        rowWidth: first.layout.rowWidth, fileCount: files.count,
        byteCount: files.reduce(0) { $0 + $1.byteCount }, lastUse: files.map(\.lastUse).max() ?? .distantPast,
        damagedRowCount: verifying ? shards.reduce(0) { $0 + $1.damagedRowCount } : 0)
    }
    .sorted { ($1.lastUse, $0.context) < ($0.lastUse, $1.context) }
  }

  /// Removes everything.
  ///
  /// - Returns: how many bytes that were.
  @discardableResult
  public func clear() throws -> Int {
    let byteCount = files.reduce(0) { $0 + $1.byteCount }
    guard FileManager.default.fileExists(atPath: featureFolder) else { return 0 }
    try FileManager.default.removeItem(atPath: featureFolder)
    return byteCount
  }

  /// Removes the files that were not used for longest until at most `byteCount` bytes are left.
  ///
  /// - Returns: how many bytes were removed.
  @discardableResult
  public func shrink(to byteCount: Int) -> Int { shrink(to: byteCount, sparing: []) }

  func shrink(to byteCount: Int, sparing kept: Set<String>) -> Int {
    removeAbandonedFiles()
    let files = files.sorted { ($0.lastUse, $0.path) < ($1.lastUse, $1.path) }
    let total = files.reduce(0) { $0 + $1.byteCount }
    var removed = 0
    for file in files where total - removed > byteCount && !kept.contains(file.path) {
      // Another process may have been faster.
      try? FileManager.default.removeItem(atPath: file.path)
      removed += file.byteCount
    }
    return removed
  }

  /// One file of the cache.
  struct File {
    let folder: String
    let path: String
    let byteCount: Int
    let lastUse: Date
  }

  var files: [File] {
    names(in: featureFolder).flatMap { name in
      files(in: "\(featureFolder)/\(name)", where: { $0.hasSuffix("." + FeatureShard.ending) })
    }
  }

  func files(in folder: String, where isMeant: (String) -> Bool) -> [File] {
    names(in: folder).filter(isMeant).compactMap { name in
      let path = "\(folder)/\(name)"
      guard let facts = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
      return File(
        folder: folder, path: path, byteCount: (facts[.size] as? NSNumber)?.intValue ?? 0,
        lastUse: facts[.modificationDate] as? Date ?? .distantPast)
    }
  }

  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// What a killed process left half written, a day ago or more.
  private func removeAbandonedFiles() {
    for name in names(in: featureFolder) {
      for file in files(in: "\(featureFolder)/\(name)", where: { $0.hasSuffix(".tmp") })
      where file.lastUse.timeIntervalSinceNow < -86400 {
        try? FileManager.default.removeItem(atPath: file.path)
      }
    }
  }
}

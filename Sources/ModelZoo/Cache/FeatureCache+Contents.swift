public import Files
public import Foundation

extension FeatureCache {
  /// Rows that were computed the same way.
  public struct Shelf: Hashable, Sendable {
    /// What they were computed with: the network, the layer, the input and the preprocessing, one per line.
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
    /// Damaged rows; they count as absent.
    public let damagedRowCount: Int
  }

  /// What is in the cache, the latest used first.
  ///
  /// - Parameter verifying: whether every row is read and its checksum verified.
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

  /// Removes every file a cache wrote, and the folders that are empty then. Whatever else lies there stays.
  ///
  /// - Returns: how many bytes were removed.
  /// - Throws: `FileError.unwritable(path:reason:advice:)` for a file that cannot be removed; one that is gone already is none.
  @discardableResult
  public func clear() throws(FileError) -> Int {
    var byteCount = 0
    for folder in contextFolders {
      for file in ownFiles(in: folder) where try Self.remove(file.path) { byteCount += file.byteCount }
      unsafe rmdir(folder)
    }
    unsafe rmdir(featureFolder)
    return byteCount
  }

  /// Whether there was such a file.
  private static func remove(_ path: String) throws(FileError) -> Bool {
    do {
      try FileManager.default.removeItem(atPath: path)
      return true
    } catch CocoaError.fileNoSuchFile {
      // Another process was faster.
      return false
    } catch {
      throw .unwritable(
        path: path, reason: "it cannot be removed: \(error.localizedDescription)",
        advice: "remove it by hand")
    }
  }

  /// Evicts the least recently used files until at most `byteCount` bytes are left.
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

  /// Every file that a cache wrote, finished ones.
  var files: [File] { contextFolders.flatMap { shards(in: $0) } }

  /// The finished files of one context; damaged ones, too, as long as their first bytes are a cache's.
  func shards(in folder: String) -> [File] {
    ownFiles(in: folder).filter { $0.path.hasSuffix("." + FeatureShard.ending) }
  }

  /// The folders a cache made: none that a link leads to, none of another name.
  private var contextFolders: [String] {
    names(in: featureFolder).filter(FeatureContext.isFolderName).map { "\(featureFolder)/\($0)" }
      .filter { Self.facts($0)?[.type] as? FileAttributeType == .typeDirectory }
  }

  /// What a cache wrote into a folder, told by name and first bytes; files half written by their name.
  private func ownFiles(in folder: String) -> [File] {
    names(in: folder).compactMap { name in
      let path = "\(folder)/\(name)"
      guard FeatureShard.isFileName(name) || FeatureShard.isTemporaryName(name),
        let facts = Self.facts(path), facts[.type] as? FileAttributeType == .typeRegular,
        FeatureShard.isTemporaryName(name) || ShardLayout.isMarked(path)
      else { return nil }
      return File(
        folder: folder, path: path, byteCount: (facts[.size] as? NSNumber)?.intValue ?? 0,
        lastUse: facts[.modificationDate] as? Date ?? .distantPast)
    }
  }

  /// Of the link itself, where there is one.
  private static func facts(_ path: String) -> [FileAttributeKey: Any]? {
    try? FileManager.default.attributesOfItem(atPath: path)
  }

  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// What a killed process left half written, a day ago or more.
  private func removeAbandonedFiles() {
    for file in contextFolders.flatMap({ ownFiles(in: $0) })
    where file.path.hasSuffix(".tmp") && file.lastUse.timeIntervalSinceNow < -86400 {
      try? FileManager.default.removeItem(atPath: file.path)
    }
  }
}

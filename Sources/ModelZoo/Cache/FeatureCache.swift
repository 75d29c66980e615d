public import Foundation

/// Features on disk, keyed by everything that they were computed from: the image's bytes, what was done to it, the
/// network and its weights, the cut, and how images are resized and preprocessed.
///
/// Every run writes what it had to compute, every 20 seconds and at its end, as files that are never changed, so
/// any number of processes may use a cache at a time. Every row carries a checksum; what does not pass is computed
/// again. A cache that cannot be written, or is cleared meanwhile, never stops the work.
///
/// ```swift
/// let cache = FeatureCache(folder: "features-cache")
/// let table = try backbone.features(of: images, options: ExtractionOptions(cache: cache))
/// ```
public struct FeatureCache: Hashable, Sendable {
  /// Where the rows are; made when the first are written.
  public let folder: String
  /// The size in bytes beyond which the least recently used files are evicted.
  public let byteLimit: Int
  /// How much work may be lost when a run is cut short: rows wait at most this long to be written.
  package var writingInterval = Duration.seconds(20)
  /// Features to be trained on that are more bytes than these are not held in memory: they wait in the folder, in a file without a name.
  package var mostHeldByteCount = 64 << 20

  /// 4 GiB.
  public static let standardByteLimit = 4 << 30

  /// Uses a folder, which need not be there yet.
  public init(folder: String, byteLimit: Int = FeatureCache.standardByteLimit) {
    self.folder = folder
    self.byteLimit = byteLimit
  }

  /// Where this system keeps caches: `$XDG_CACHE_HOME/model-zoo`, else `~/.cache/model-zoo`; on macOS
  /// `~/Library/Caches/model-zoo`. Nil without a home.
  public static func standardFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    // The specification has relative paths ignored.
    if let named = environment["XDG_CACHE_HOME"], named.hasPrefix("/") { return named + "/model-zoo" }
    #if canImport(Darwin)
      return home.map { $0 + "/Library/Caches/model-zoo" }
    #else
      return home.map { $0 + "/.cache/model-zoo" }
    #endif
  }

  /// Where the shards of a context are.
  func folder(of context: FeatureContext) -> String { "\(featureFolder)/\(context.folderName)" }

  /// The part of the folder that holds features, and that alone is ever cleared.
  var featureFolder: String { folder + "/features" }
}

/// What was written of a shard when it was finished; without it a shard counts as not computed.
struct ShardRecord: Hashable, Sendable, Codable {
  let shard: Int
  let shards: Int
  /// The digest of the run it belongs to.
  let run: String
  let rows: Int
  /// Of the file of features.
  let byteCount: Int
  let sha256: String
  var skipped: [ShardSummary.Skipped]
  let notFinite: Int
  /// What may change the last bits of a number: instruction set and the libraries that decode images.
  let machine: String
  /// The archives that it read, where whole archives are dealt.
  var archives: [Archive]?
  /// What was said of their listing; absent where nothing was.
  var notes: [Note]?

  /// An archive as it was when it was read.
  struct Archive: Hashable, Sendable, Codable {
    let path: String
    let byteCount: Int?
  }
}

/// A shard that is finished.
public struct ShardSummary: Hashable, Sendable {
  /// An image without a row.
  public struct Skipped: Hashable, Sendable, Codable {
    /// Its place in the whole listing, from 0; in a record of a shard of archives, among the images of these.
    public internal(set) var index: Int
    /// Its name in the listing.
    public let name: String
    /// Why it has no row.
    public let reason: String
    /// Present where another try may succeed, since it was the file that could not be read.
    let mayPass: Bool?
  }

  /// The shard.
  public let shard: Shard
  /// The file of its features.
  public let path: String
  /// How many images have a row in it.
  public let rowCount: Int
  /// Images without a row.
  public let skipped: [Skipped]
  /// How many rows hold a value that is not finite.
  public let nonFiniteCount: Int
  /// Images without a row that are tried again where the shard is computed again, since it was their files that could not be read.
  public var retriedCount: Int { skipped.count { $0.mayPass == true } }
  /// What was said of the listing of its archives, where whole archives are dealt.
  public let notes: [ShardNote]
  /// Whether it had been finished before, so that nothing was computed.
  public let wasFinished: Bool

  init(_ record: ShardRecord, _ shard: Shard, path: String, wasFinished: Bool) {
    (self.shard, self.path, self.wasFinished) = (shard, path, wasFinished)
    (rowCount, skipped, nonFiniteCount) = (record.rows, record.skipped, record.notFinite)
    notes = (record.notes ?? []).map { ShardNote(record.shard, $0) }
  }
}

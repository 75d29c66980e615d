import Datasets
import Encoding
import Files

/// The images of a run, of which a shard reads its own.
struct ShardImages: Sendable {
  /// How many there are; nil where whole archives are dealt, and nobody knows.
  let count: Int?
  /// The archives, where those are dealt.
  let archives: ArchiveList?
  /// The names of all classes; empty without, and where nobody knows.
  let classes: [String]
  let source: Dataset.Source
  /// What tells these images from others.
  let digest: String
  /// The files that a shard reads besides its images.
  let files: @Sendable (Shard) -> [String]
  /// The images of a shard.
  let own: @Sendable (Shard) throws -> Dataset

  init(_ images: Dataset) {
    (count, archives, classes, source) = (images.items.count, nil, images.classes, images.source)
    digest = ShardedRun.digest(of: images)
    files = { _ in images.files }
    own = { images.keeping(Array($0.images(of: images.items.count))) }
  }

  init(_ listing: Listing) {
    (count, archives, classes, source) = (listing.count, nil, listing.classes, listing.source)
    digest = listing.digest
    files = { _ in listing.files }
    own = { try listing.dataset(rows: $0.images(of: listing.count)) }
  }

  /// - Parameter shard: whose archives are looked at; the others are names.
  init(_ archives: ArchiveList, for shard: Shard) throws(ShardError) {
    try archives.check(shards: shard.count)
    (count, self.archives, classes, source) = (nil, archives, [], .files)
    digest = ShardedRun.digest(of: archives)
    files = { Array(archives.paths[$0.images(of: archives.paths.count)]) }
    own = { try archives.dataset($0.images(of: archives.paths.count)) }
  }

  /// The place of a shard's first image among all; 0 where nobody knows.
  func start(of shard: Shard) -> Int { count.map { shard.images(of: $0).lowerBound } ?? 0 }

  /// The archives of a shard as they are now, where whole archives are dealt.
  func ownArchives(_ shard: Shard) -> [ShardRecord.Archive]? {
    guard let archives else { return nil }
    return archives.paths[shard.images(of: archives.paths.count)].map {
      ShardRecord.Archive(path: $0.escapingBytes, byteCount: FileFacts.byteCount(of: $0))
    }
  }
}

extension ArchiveList {
  /// Refuses more shards than there are archives to deal, since some would have none.
  ///
  /// - Throws: `ShardError.tooManyShards(count:archives:)`.
  public func check(shards count: Int) throws(ShardError) {
    guard count <= paths.count else { throw .tooManyShards(count: count, archives: paths.count) }
  }
}

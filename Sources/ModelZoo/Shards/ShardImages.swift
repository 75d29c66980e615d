import Datasets

/// The images of a run, of which a shard reads its own.
struct ShardImages: Sendable {
  let count: Int
  let classes: [String]
  let source: Dataset.Source
  /// What tells these images from others.
  let digest: String
  /// The files that a shard reads besides its images.
  let files: [String]
  /// The images at some places.
  let own: @Sendable (Range<Int>) throws -> Dataset

  init(_ images: Dataset) {
    (count, classes, source) = (images.items.count, images.classes, images.source)
    (digest, files) = (ShardedRun.digest(of: images), images.files)
    own = { images.keeping(Array($0)) }
  }

  init(_ listing: Listing) {
    (count, classes, source) = (listing.count, listing.classes, listing.source)
    (digest, files) = (listing.digest, listing.files)
    own = { try listing.dataset(rows: $0) }
  }
}

/// The limits of a weight file; anything beyond is refused before memory is allocated for it.
package struct HDF5Limits: Sendable {
  /// Strings in one attribute; Keras splits its lists long before.
  package var stringCount = 1 << 16
  /// Bytes of one attribute: a model's configuration runs to a few megabytes at most.
  package var attributeByteCount = 1 << 26
  /// Children of one group, attributes of one object.
  package var memberCount = 1 << 16
  /// Bytes of one name.
  package var nameByteCount = 1 << 12
  /// Groups inside groups.
  package var depth = 32
  /// Axes of a dataset.
  package var rank = 8
  /// Bytes of one chunk once unpacked.
  package var chunkByteCount = 1 << 28
  /// What a chunk may have although its dataset is smaller.
  package var smallDatasetByteCount = 1 << 24
  /// How much smaller DEFLATE can make its input: 1032 to 1, as zlib's documentation derives.
  package var largestDeflateRatio = 1032

  /// Whether damage that a checksum shows is an error. Tests look behind the checksums, where nothing may depend on them.
  package var verifiesChecksums = true

  package static let standard = HDF5Limits()
}

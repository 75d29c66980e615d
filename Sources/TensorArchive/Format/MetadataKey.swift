/// The strings of `__metadata__` that make a safetensors file an archive.
enum MetadataKey {
  static let prefix = "zoo."
  static let archiveDigest = "zoo.archive.sha256"
  static let checksums = "zoo.crc32"
  static let format = "zoo.format"
  static let payloadDigest = "zoo.payload.sha256"
  static let producer = "zoo.producer"
  static let source = "zoo.source"

  /// Ahead of the name of a section.
  static let sectionPrefix = "zoo.section."

  /// The header's first bytes in every archive; the digest's 64 digits follow.
  static let headerStart = "{\"__metadata__\":{\"\(archiveDigest)\":\""
}

/// The name under which safetensors keeps strings among its tensors.
let metadataName = "__metadata__"

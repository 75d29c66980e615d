/// The numbers of `Format.md`, under the names the text uses.
package enum FormatLimits {
  /// The little-endian length of the header, ahead of it.
  package static let lengthFieldByteCount = 8
  /// The longest header of an archive.
  package static let maximumHeaderByteCount = 16 << 20
  /// The longest header of any safetensors file, as its specification has it: features have a name a row. A reader refuses more
  /// before it reads any of it.
  package static let maximumSafetensorsHeaderByteCount = 100_000_000
  /// How deep braces and brackets may nest in a header: root, tensor, shape, and one to spare.
  package static let maximumNesting = 4
  /// The most tensors a file may hold.
  package static let maximumTensorCount = 65_536
  /// The most values and names in a header's JSON, which memory is allocated for: no tensor needs more than one in 5
  /// bytes.
  package static func valueCount(headerByteCount: Int) -> Int {
    min(1 << 17 + headerByteCount / 5, 20 * maximumTensorCount)
  }
  /// The longest tensor name, in UTF-8 bytes.
  package static let maximumNameByteCount = 1_024
  /// The most axes a tensor may have.
  package static let maximumRank = 16
  /// The longest section name, in bytes.
  package static let maximumSectionNameByteCount = 64
  /// Where the payload starts, and which tensors come first: multiples of this many bytes.
  package static let payloadAlignment = 64
}

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

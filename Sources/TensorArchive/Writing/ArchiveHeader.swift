import Encoding

/// The bytes ahead of the payload: length field, JSON, padding.
struct ArchiveHeader {
  /// All of them, a multiple of the payload's alignment.
  let bytes: [UInt8]

  /// The one header for these contents; `checksums` in the order of the layout's tensors.
  init(_ manifest: Manifest, _ layout: ArchiveLayout, checksums: [UInt32], payloadDigest: String) {
    let metadata = Self.metadata(manifest, checksums, payloadDigest)
    let members =
      [(name: metadataName, value: JSON.sortedObject(metadata))]
      + layout.tensors.map { (name: $0.name, value: Self.entry($0)) }
    var text = Array(JSON.object(members).compact.utf8)
    let lengthField = FormatLimits.lengthFieldByteCount
    while (lengthField + text.count) % FormatLimits.payloadAlignment != 0 { text.append(0x20) }
    bytes = Self.signed(UInt64(text.count).littleEndianBytes + text)
  }

  /// The strings of the manifest; the archive digest is still all zeros.
  private static func metadata(
    _ manifest: Manifest, _ checksums: [UInt32], _ payloadDigest: String
  ) -> [String: JSON] {
    var texts = [
      MetadataKey.archiveDigest: ArchiveDigest.placeholder,
      MetadataKey.checksums: checksums.map(\.hexadecimal).joined(separator: " "),
      MetadataKey.format: manifest.version.description,
      MetadataKey.payloadDigest: payloadDigest,
      MetadataKey.producer: manifest.producer,
    ]
    texts[MetadataKey.source] = manifest.source?.json
    for (name, text) in manifest.sections { texts[MetadataKey.sectionPrefix + name] = text }
    return texts.mapValues(JSON.string)
  }

  private static func entry(_ tensor: PlacedTensor) -> JSON {
    [
      "dtype": .string(tensor.declaration.scalarType.rawValue),
      "shape": .array(tensor.declaration.shape.dimensions.map(JSON.integer)),
      "data_offsets": [.integer(tensor.range.lowerBound), .integer(tensor.range.upperBound)],
    ]
  }

  private static func signed(_ header: [UInt8]) -> [UInt8] {
    var header = header
    header.replaceSubrange(ArchiveDigest.range, with: Array(ArchiveDigest.of(header).utf8))
    return header
  }
}

/// The bytes ahead of the payload: length field, JSON, padding.
struct ArchiveHeader {
  /// All of them, a multiple of the payload's alignment.
  let bytes: [UInt8]

  /// The one header for these contents; `checksums` in the order of the layout's tensors.
  init(_ manifest: Manifest, _ layout: ArchiveLayout, checksums: [UInt32], payloadDigest: String) {
    let metadata = Self.metadata(manifest, checksums, payloadDigest)
    let members =
      [(key: metadataName, value: CanonicalJSON.object(metadata))]
      + layout.tensors.map { (key: $0.name, value: Self.entry($0)) }
    var text = Array(CanonicalJSON.object(members).utf8)
    let lengthField = FormatLimits.lengthFieldByteCount
    while (lengthField + text.count) % FormatLimits.payloadAlignment != 0 { text.append(0x20) }
    let length = (0..<lengthField).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    bytes = Self.signed(length + text)
  }

  /// The strings of the manifest, sorted by key; the archive digest is still all zeros.
  private static func metadata(
    _ manifest: Manifest, _ checksums: [UInt32], _ payloadDigest: String
  ) -> [(key: String, value: String)] {
    var texts = [
      MetadataKey.archiveDigest: ArchiveDigest.placeholder,
      MetadataKey.checksums: checksums.map(\.hexadecimal).joined(separator: " "),
      MetadataKey.format: manifest.version.description,
      MetadataKey.payloadDigest: payloadDigest,
      MetadataKey.producer: manifest.producer,
    ]
    texts[MetadataKey.source] = manifest.source?.json
    for (name, text) in manifest.sections { texts[MetadataKey.sectionPrefix + name] = text }
    return texts.sorted { $0.key.precedesInBytes($1.key) }
      .map { (key: $0.key, value: CanonicalJSON.string($0.value)) }
  }

  private static func entry(_ tensor: PlacedTensor) -> String {
    CanonicalJSON.object([
      (key: "dtype", value: CanonicalJSON.string(tensor.declaration.scalarType.rawValue)),
      (key: "shape", value: CanonicalJSON.array(tensor.declaration.shape.dimensions)),
      (key: "data_offsets", value: CanonicalJSON.array([tensor.range.lowerBound, tensor.range.upperBound])),
    ])
  }

  private static func signed(_ header: [UInt8]) -> [UInt8] {
    var header = header
    header.replaceSubrange(ArchiveDigest.range, with: Array(ArchiveDigest.of(header).utf8))
    return header
  }
}

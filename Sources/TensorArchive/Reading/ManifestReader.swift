import Encoding

/// A manifest and the seals that go with it.
struct SealedManifest: Sendable {
  let manifest: Manifest
  /// Names the whole archive.
  let archiveDigest: String
  let payloadDigest: String
  /// CRC-32 of each tensor, by offset.
  let checksums: [UInt32]
}

/// Reads what an archive's `__metadata__` strings say.
struct ManifestReader {
  let path: String
  let metadata: [String: String]

  /// The format's version, or nil in a file that has none of our strings.
  func version() throws(ArchiveError) -> FormatVersion? {
    guard metadata.keys.contains(where: { $0.hasPrefix(MetadataKey.prefix) }) else { return nil }
    let text = try required(MetadataKey.format)
    guard let version = FormatVersion(text) else {
      throw malformed(MetadataKey.format, expected: "major.minor", found: text)
    }
    guard version.major <= FormatVersion.current.major else {
      throw .newerVersion(path: path, found: version, supported: .current)
    }
    return version
  }

  /// Everything else; `header` with its length field. Strings it does not know are ignored.
  func read(
    _ version: FormatVersion, header: [UInt8], tensorCount: Int
  ) throws(ArchiveError) -> SealedManifest {
    let archiveDigest = try checkedDigest(of: header)
    let payloadDigest = try required(MetadataKey.payloadDigest)
    guard payloadDigest.isHexadecimal(count: ArchiveDigest.digitCount) else {
      throw malformed(MetadataKey.payloadDigest, expected: "64 hexadecimal digits", found: payloadDigest)
    }
    let manifest = Manifest(
      version: version, producer: try required(MetadataKey.producer), source: try source(),
      sections: sections())
    return SealedManifest(
      manifest: manifest, archiveDigest: archiveDigest, payloadDigest: payloadDigest,
      checksums: try checksums(count: tensorCount))
  }

  private func checkedDigest(of header: [UInt8]) throws(ArchiveError) -> String {
    guard let expected = ArchiveDigest.found(in: header) else {
      throw malformed(
        MetadataKey.archiveDigest, expected: "the header's first string",
        found: "another header, as after a rewrite by another program")
    }
    let found = ArchiveDigest.of(header)
    guard found == expected else { throw .damagedHeader(path: path, expected: expected, found: found) }
    return expected
  }

  private func checksums(count: Int) throws(ArchiveError) -> [UInt32] {
    let words = try required(MetadataKey.checksums).split(separator: " ")
    let numbers = words.compactMap { word in
      String(word).isHexadecimal(count: 8) ? UInt32(word, radix: 16) : nil
    }
    guard words.count == count, numbers.count == count else {
      throw malformed(
        MetadataKey.checksums, expected: "\(count) words of 8 hexadecimal digits", found: "\(words.count)")
    }
    return numbers
  }

  private func source() throws(ArchiveError) -> Provenance? {
    guard let text = metadata[MetadataKey.source] else { return nil }
    do {
      return try Provenance(json: text)
    } catch {
      throw malformed(MetadataKey.source, expected: "a provenance in JSON", found: text)
    }
  }

  private func sections() -> [String: String] {
    let named = metadata.compactMap { key, text -> (String, String)? in
      guard key.hasPrefix(MetadataKey.sectionPrefix) else { return nil }
      return (String(key.dropFirst(MetadataKey.sectionPrefix.count)), text)
    }
    return Dictionary(uniqueKeysWithValues: named)
  }

  private func required(_ key: String) throws(ArchiveError) -> String {
    guard let text = metadata[key] else {
      throw malformed(key, expected: "this string in \(metadataName)", found: "none")
    }
    return text
  }

  private func malformed(_ place: String, expected: String, found: String) -> ArchiveError {
    .malformedHeader(path: path, place: place, expected: expected, found: found)
  }
}

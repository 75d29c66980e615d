import Encoding
package import Files
package import Tensors

/// Writes an archive one tensor at a time, holding none of them.
///
/// The same tensors and manifest give the same bytes, in whatever order they were declared. The file appears
/// under its name when it is complete, or not at all.
package struct ArchiveWriter: ~Copyable {
  /// All tensors in canonical order: the order in which ``append(_:of:)`` takes their bytes.
  package let tensors: [TensorDeclaration]

  private let path: String
  private let sink: FileSink
  private let layout: ArchiveLayout
  private var manifest: Manifest
  private var checksums: [UInt32] = []
  private var payloadDigest = SHA256()
  private let headerByteCount: Int

  /// Below this size a second thread costs more than it saves.
  private static let overlapByteCount = 1 << 20

  /// Writes the archive `path` of `declarations`, whose bytes `contents` appends.
  ///
  /// - Parameter check: given the path of the whole archive before it is moved into place.
  /// - Throws: ``ArchiveError``, or what `contents` or `check` throws; then `path` is as it was.
  package static func write(
    to path: String, manifest: Manifest, tensors declarations: [TensorDeclaration],
    check: (_ temporaryPath: String) throws -> Void = { _ in },
    contents: (inout ArchiveWriter) throws -> Void
  ) throws {
    let layout = try ArchiveLayout(declarations, path: path)
    try manifest.validate(path: path)
    do {
      try AtomicFile.write(to: path, check: check) { sink in
        var writer = try ArchiveWriter(path, sink, layout, manifest)
        try contents(&writer)
        try writer.finish()
      }
    } catch let error as FileError {
      throw ArchiveError.file(error)
    }
  }

  private init(
    _ path: String, _ sink: FileSink, _ layout: ArchiveLayout, _ manifest: Manifest
  ) throws(ArchiveError) {
    self.path = path
    self.sink = sink
    self.layout = layout
    self.manifest = manifest
    tensors = layout.tensors.map(\.declaration)
    let header = Self.emptyHeader(manifest, layout)
    headerByteCount = header.count
    guard header.count <= FormatLimits.maximumHeaderByteCount else {
      throw .overLimit(
        path: path, what: "header bytes", limit: FormatLimits.maximumHeaderByteCount, found: header.count)
    }
    try ArchiveError.wrapping { () throws(FileError) in
      try header.withRawSpan { (bytes) throws(FileError) in try sink.write(bytes) }
    }
  }

  /// Appends the little-endian, row-major bytes of the next tensor in canonical order.
  ///
  /// - Parameter name: The tensor the caller believes it is.
  package mutating func append(_ bytes: RawSpan, of name: String) throws(ArchiveError) {
    guard checksums.count < layout.tensors.count else {
      throw invalid(name, expected: "no further tensor", found: "one more")
    }
    let next = layout.tensors[checksums.count]
    guard next.name == name else { throw invalid(name, expected: "\(next.name) next", found: name) }
    guard next.range.count == bytes.byteCount else {
      throw invalid(name, expected: "\(next.range.count) bytes", found: "\(bytes.byteCount)")
    }
    checksums.append(try write(bytes))
  }

  /// As ``append(_:of:)`` of bytes whose elements are of type `source`: made into the declared type on the way.
  ///
  /// - Throws: ``ArchiveError/unrepresentable(path:tensor:type:value:)`` for a number that would become infinite.
  package mutating func append(
    _ bytes: RawSpan, of name: String, from source: ScalarType
  ) throws(ArchiveError) {
    guard checksums.count < layout.tensors.count,
      case let next = layout.tensors[checksums.count].declaration, next.scalarType != source,
      let conversion = ScalarConversion(from: source, to: next.scalarType)
    else { return try append(bytes, of: name) }
    var overflow: Double?
    let byteCount = bytes.byteCount / source.byteCount * next.scalarType.byteCount
    let converted = HeapStorage(byteCount: byteCount) { overflow = conversion.apply(bytes, to: &$0) }
    guard let converted else { throw .file(.noMemory(place: path, neededByteCount: byteCount)) }
    if let overflow {
      throw .unrepresentable(path: path, tensor: name, type: next.scalarType, value: overflow)
    }
    try converted.withBytes { (bytes) throws(ArchiveError) in try append(bytes, of: name) }
  }

  /// Fills in the digests of the source, which may be computed while the tensors are being written.
  ///
  /// The manifest must have been given with a source whose digests are ``FileDigests/pending(byteCount:)``
  /// of the right size: the header's length is settled by then.
  package mutating func setSourceDigests(_ digests: FileDigests) throws(ArchiveError) {
    let previous = manifest.source?.digests
    manifest.source?.digests = digests
    guard Self.emptyHeader(manifest, layout).count == headerByteCount, previous != nil else {
      let expected = previous.map { "digests of \($0.byteCount) bytes" } ?? "a manifest with a source"
      throw invalid("source", expected: expected, found: "digests of \(digests.byteCount) bytes")
    }
  }

  /// Writes and digests the payload's next bytes; returns their checksum.
  private mutating func write(_ bytes: RawSpan) throws(ArchiveError) -> UInt32 {
    guard bytes.byteCount >= Self.overlapByteCount else {
      payloadDigest.update(bytes)
      return try Self.write(bytes, to: sink).get()
    }
    var checksum = Result<UInt32, ArchiveError>.success(0)
    let sink = sink
    concurrently(
      &payloadDigest, { $0.update(bytes) },
      &checksum, { $0 = Self.write(bytes, to: sink) })
    return try checksum.get()
  }

  private static func write(_ bytes: RawSpan, to sink: FileSink) -> Result<UInt32, ArchiveError> {
    do throws(FileError) { try sink.write(bytes) } catch { return .failure(.file(error)) }
    return .success(CRC32.of(bytes))
  }

  /// Checks that nothing is missing, and replaces the placeholders in the header.
  private mutating func finish() throws(ArchiveError) {
    guard checksums.count == layout.tensors.count else {
      throw invalid(
        layout.tensors[checksums.count].name, expected: "\(layout.tensors.count) tensors",
        found: "\(checksums.count)")
    }
    let header = ArchiveHeader(
      manifest, layout, checksums: checksums, payloadDigest: payloadDigest.hexadecimal)
    let sink = sink
    try ArchiveError.wrapping { () throws(FileError) in
      try header.bytes.withRawSpan { (bytes) throws(FileError) in try sink.overwrite(bytes, at: 0) }
    }
  }

  /// A header of the final length, written ahead of the payload and replaced at the end.
  private static func emptyHeader(_ manifest: Manifest, _ layout: ArchiveLayout) -> [UInt8] {
    let zeros = [UInt32](repeating: 0, count: layout.tensors.count)
    return ArchiveHeader(manifest, layout, checksums: zeros, payloadDigest: ArchiveDigest.placeholder).bytes
  }

  private func invalid(_ place: String, expected: String, found: String) -> ArchiveError {
    .invalidContents(path: path, place: place, expected: expected, found: found)
  }
}

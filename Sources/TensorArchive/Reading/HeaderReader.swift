import Encoding
import Files
import Tensors

/// Everything a file's header says, checked.
struct FileHeader: Sendable {
  /// The strings of `__metadata__`.
  let metadata: [String: String]
  /// Nil in a safetensors file that is no archive of ours.
  let manifest: SealedManifest?
  /// By offset; ranges count from the first byte of the payload.
  let tensors: [PlacedTensor]
  let payload: Range<Int>
}

/// Reads headers; refuses whatever `Format.md` says a reader must refuse.
struct HeaderReader {
  let path: String
  let file: FileBytes

  func read() throws(ArchiveError) -> FileHeader {
    let header = try headerBytes()
    let text = Array(header.dropFirst(FormatLimits.lengthFieldByteCount))
    try HeaderScan.check(text, path: path)
    let json = try HeaderJSON.parse(text, path: path)
    let metadata = json.metadata ?? [:]
    let manifestReader = ManifestReader(path: path, metadata: metadata)
    // The version goes first: a newer one may mean anything by the rest.
    let version = try manifestReader.version()
    let tensors = try TensorTable(path: path).read(json.tensors)
    let end = header.count + (tensors.last?.range.upperBound ?? 0)
    guard end == file.byteCount else {
      throw .wrongSize(path: path, expected: end, found: file.byteCount)
    }
    var manifest: SealedManifest?
    if let version {
      guard text.count <= FormatLimits.maximumHeaderByteCount else {
        throw .overLimit(
          path: path, what: "header bytes of an archive", limit: FormatLimits.maximumHeaderByteCount,
          found: text.count)
      }
      manifest = try manifestReader.read(version, header: header, tensorCount: tensors.count)
    }
    return FileHeader(
      metadata: metadata, manifest: manifest, tensors: tensors, payload: header.count..<end)
  }

  /// What the file is instead, and what to do about it.
  private var finding: String {
    let facts = try? FileFacts(path: path, byteCount: file.byteCount) { (offset, count) throws(FileError) in
      try file.bytes(at: offset, count: count)
    }
    guard let facts else { return "bytes that cannot be read" }
    switch facts.kind {
    case .hdf5: return "an HDF5 file; convert it first"
    case .model(.keras): return facts.kind.words + "; convert it first"
    case .unknown, .safetensors: return "\(file.byteCount.grouped) bytes of another kind"
    default: return facts.kind.words + (facts.kind.remedy.map { "; \($0)" } ?? "")
    }
  }

  /// The length field and what it counts; nothing is copied before the length is known to be sane.
  private func headerBytes() throws(ArchiveError) -> [UInt8] {
    let lengthField = FormatLimits.lengthFieldByteCount
    let start = try ArchiveError.wrapping { () throws(FileError) in try file.head(lengthField + 1) }
    let length = UInt64(littleEndian: start.prefix(lengthField))
    guard start.last == UInt8(ascii: "{"), start.count > lengthField,
      length <= UInt64(FormatLimits.maximumSafetensorsHeaderByteCount)
    else { throw .notAnArchive(path: path, finding: finding) }
    let end = lengthField + Int(length)
    guard end <= file.byteCount else {
      throw .malformedHeader(
        path: path, place: "header", expected: "\(length) bytes",
        found: "\(file.byteCount - lengthField) before the file ends")
    }
    return try ArchiveError.wrapping { () throws(FileError) in try file.head(end) }
  }
}

import Files
import Synchronization
package import Tensors

/// An open archive: tensors by name, and what the file says about itself.
///
/// Opening reads and checks the header; elements are read when they are asked for, and checked each time. Any safetensors
/// file opens; without our manifest there are tensors but no checksums. The file must stay as it is while it is open: that
/// another program wrote to it, or cut it short, is an error (`FileError.changed`) of whoever asks for a tensor next.
public struct Archive: Sendable {
  /// The file as it was named.
  public let path: String
  /// Nil for a safetensors file that this project did not write.
  public let manifest: Manifest?
  /// SHA-256 that names header and payload together, in hexadecimal; nil without a manifest.
  public let digest: String?
  /// All strings of the safetensors header.
  public let metadata: [String: String]
  /// Every tensor, in payload order: the canonical one in an archive.
  public let tensors: [TensorDeclaration]

  let header: FileHeader
  let file: FileBytes
  private let indices: [String: Int]
  let verified = VerifiedTensors()

  /// Opens the file at `path`.
  ///
  /// - Complexity: O(header); no element is read.
  public init(contentsOf path: String) throws(ArchiveError) {
    try self.init(contentsOf: path, keepsOpen: true)
  }

  /// Opens one of very many files, which may be closed between two readings.
  package init(oneOfMany path: String) throws(ArchiveError) {
    try self.init(contentsOf: path, keepsOpen: false)
  }

  private init(contentsOf path: String, keepsOpen: Bool) throws(ArchiveError) {
    file = try ArchiveError.wrapping { () throws(FileError) in
      try FileBytes(path: path, keepsOpen: keepsOpen)
    }
    header = try HeaderReader(path: path, file: file).read()
    self.path = path
    manifest = header.manifest?.manifest
    digest = header.manifest?.archiveDigest
    metadata = header.metadata
    tensors = header.tensors.map(\.declaration)
    indices = Dictionary(
      tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The names of all tensors, in payload order.
  public var names: [String] { tensors.map(\.name) }

  /// The size of the file in bytes.
  public var byteCount: Int { file.byteCount }

  /// The size of all tensors in bytes.
  public var payloadByteCount: Int { header.payload.count }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { indices[name] != nil }

  /// The tensor called `name` in memory of its own, held to its checksum: whatever becomes of the file, it stays what it is.
  ///
  /// - Parameter forEach: what threads it is read on.
  /// - Complexity: O(bytes).
  package func tensor(
    named name: String, forEach: PieceLoop = { count, body in (0..<count).forEach(body) }
  ) throws(ArchiveError) -> TensorView {
    let index = try index(of: name)
    let (range, declaration) = (range(index), tensors[index])
    let pieces = TensorPieces(declaration, byteCount: range.count)
    let storage = try reading { () throws(FileError) in
      try file.storage(of: range, forEach: forEach) { piece, bytes in pieces.add(piece, bytes) }
    }
    try accept(index, pieces.contents)
    guard
      let view = TensorView(
        shape: declaration.shape, scalarType: declaration.scalarType, storage: storage, range: 0..<range.count
      )
    else { throw .wrongSize(path: path, expected: range.upperBound, found: file.byteCount) }
    return view
  }

  /// What the tensor called `name` is; nothing of it is read.
  package func declaration(of name: String) -> TensorDeclaration? { indices[name].map { tensors[$0] } }

  /// Checks the bytes of the tensor called `name` against its checksum, unless that was done before.
  ///
  /// Any number of threads may do so at a time.
  ///
  /// - Parameter forEach: what threads they are read on.
  package func verify(
    _ name: String, forEach: PieceLoop = { count, body in (0..<count).forEach(body) }
  ) throws(ArchiveError) {
    let index = try index(of: name)
    if manifest == nil || verified.contains(index) { return try reading { () throws(FileError) in } }
    try accept(index, contents(index, forEach: forEach))
  }

  /// Reads a tensor piece by piece, and keeps none of it.
  func contents(
    _ index: Int, forEach: PieceLoop = { count, body in (0..<count).forEach(body) }
  ) throws(ArchiveError) -> TensorContents {
    let range = range(index)
    let pieces = TensorPieces(tensors[index], byteCount: range.count)
    try reading { () throws(FileError) in
      try file.forEachPiece(of: range, forEach: forEach) { piece, bytes in pieces.add(piece, bytes) }
    }
    return pieces.contents
  }

  /// What was read of the file, unless somebody has written to it by then.
  func reading<Result>(_ body: () throws(FileError) -> Result) throws(ArchiveError) -> Result {
    try ArchiveError.wrapping { () throws(FileError) in
      let result = try body()
      try file.requireUnchanged()
      return result
    }
  }

  private func accept(_ index: Int, _ contents: TensorContents) throws(ArchiveError) {
    if let damage = damage(index, contents) {
      throw .damagedTensor(
        path: path, name: damage.name, expected: damage.expected, found: damage.found)
    }
    verified.insert(index, contents.values)
  }

  /// Where a tensor's bytes lie in the file.
  func range(_ index: Int) -> Range<Int> {
    let range = header.tensors[index].range
    return (header.payload.lowerBound + range.lowerBound)..<(header.payload.lowerBound + range.upperBound)
  }

  func index(of name: String) throws(ArchiveError) -> Int {
    guard let index = indices[name] else {
      throw .missingTensor(path: path, name: name, count: tensors.count)
    }
    return index
  }
}

/// Which tensors have been found intact, and what values they have.
final class VerifiedTensors: Sendable {
  private let known = Mutex<[Int: ValueCounts]>([:])

  var counts: [Int: ValueCounts] { known.withLock { $0 } }

  func contains(_ index: Int) -> Bool { known.withLock { $0[index] != nil } }
  func insert(_ index: Int, _ values: ValueCounts) { known.withLock { $0[index] = values } }
}

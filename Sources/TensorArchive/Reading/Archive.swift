import Files
import Synchronization
package import Tensors

/// An open archive: tensors by name, and what the file says about itself.
///
/// Opening maps the file and checks its header; elements are read when they are used. Any safetensors file
/// opens; without our manifest there are tensors but no checksums. The mapped file must stay as it is. That another
/// program wrote to it is an error (`FileError.changed`) of whoever asks for a tensor next; one
/// that cuts it short at the very moment a tensor is read makes the system end this process.
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
  let file: MappedFile
  private let watched: WatchedFile
  private let indices: [String: Int]
  let verified = VerifiedTensors()

  /// Opens the file at `path`.
  ///
  /// - Complexity: O(header); no element is read.
  public init(contentsOf path: String) throws(ArchiveError) {
    let (file, watched) = try ArchiveError.wrapping { () throws(FileError) in
      let watched = try WatchedFile(contentsOf: path)
      return (try watched.map(), watched)
    }
    (self.file, self.watched) = (file, watched)
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

  /// The tensor called `name`; its checksum is verified the first time it is asked for.
  ///
  /// - Complexity: O(bytes) the first time, then O(1).
  package func tensor(named name: String) throws(ArchiveError) -> TensorView {
    try verify(name)
    return try view(named: name)
  }

  /// Checks the bytes of the tensor called `name` against its checksum, unless that was done before.
  ///
  /// Any number of threads may do so at a time.
  ///
  /// - Parameter forEach: calls its second argument once for each number below its first, in any order, on any threads.
  package func verify(
    _ name: String,
    forEach: (Int, @escaping @Sendable (Int) -> Void) -> Void = { count, body in (0..<count).forEach(body) }
  ) throws(ArchiveError) {
    let index = try index(of: name)
    try ArchiveError.wrapping { () throws(FileError) in try watched.requireUnchanged() }
    guard manifest != nil, !verified.contains(index) else { return }
    let contents = contents(index, forEach: forEach)
    if let damage = damage(index, contents) {
      throw .damagedTensor(
        path: path, name: damage.name, expected: damage.expected, found: damage.found)
    }
    verified.insert(index, contents.values)
  }

  /// The tensor called `name` in memory of its own: what the checksum was verified of, whatever becomes of the file.
  package func copy(named name: String) throws(ArchiveError) -> TensorView {
    let index = try index(of: name)
    try ArchiveError.wrapping { () throws(FileError) in try watched.requireUnchanged() }
    let (range, declaration) = (range(index), tensors[index])
    let copy = try ArchiveError.wrapping { () throws(FileError) in try watched.copy(of: range) }
    let contents = copy.withBytes {
      TensorContents(
        $0, declaration.scalarType, mayBeNegative: TensorFinding.mayBeNegative(declaration.name))
    }
    if let damage = damage(index, contents) {
      throw .damagedTensor(path: path, name: name, expected: damage.expected, found: damage.found)
    }
    verified.insert(index, contents.values)
    guard
      let view = TensorView(
        shape: declaration.shape, scalarType: declaration.scalarType, storage: copy, range: 0..<range.count)
    else { throw .wrongSize(path: path, expected: range.upperBound, found: file.byteCount) }
    return view
  }

  /// The tensor called `name`, without a look at its checksum.
  package func view(named name: String) throws(ArchiveError) -> TensorView { try view(index(of: name)) }

  /// Lets the system have the memory of elements read so far.
  package func releasePages() { file.releasePages() }

  /// Lets the system have the memory of the elements of the tensor called `name`, if there is one.
  package func releasePages(of name: String) {
    if let index = indices[name] { file.releasePages(range(index)) }
  }

  /// Where a tensor's bytes lie in the file.
  func range(_ index: Int) -> Range<Int> {
    let range = header.tensors[index].range
    return (header.payload.lowerBound + range.lowerBound)..<(header.payload.lowerBound + range.upperBound)
  }

  private func index(of name: String) throws(ArchiveError) -> Int {
    guard let index = indices[name] else {
      throw .missingTensor(path: path, name: name, count: tensors.count)
    }
    return index
  }

  private func view(_ index: Int) throws(ArchiveError) -> TensorView {
    let declaration = tensors[index]
    guard
      let view = TensorView(
        shape: declaration.shape, scalarType: declaration.scalarType, storage: file, range: range(index))
    else {
      throw .wrongSize(path: path, expected: range(index).upperBound, found: file.byteCount)
    }
    return view
  }
}

/// Which tensors have been found intact, and what values they have.
final class VerifiedTensors: Sendable {
  private let known = Mutex<[Int: ValueCounts]>([:])

  var counts: [Int: ValueCounts] { known.withLock { $0 } }

  func contains(_ index: Int) -> Bool { known.withLock { $0[index] != nil } }
  func insert(_ index: Int, _ values: ValueCounts) { known.withLock { $0[index] = values } }
}

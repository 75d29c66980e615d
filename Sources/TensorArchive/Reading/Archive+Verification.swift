import Encoding
import Files
import Synchronization
public import Tensors

/// What reading every byte of an archive found.
public struct Verification: Hashable, Sendable {
  /// A tensor whose bytes are not those that were written; both CRC-32.
  public struct Damage: Hashable, Sendable {
    /// The tensor.
    public let name: String
    /// As it was written.
    public let expected: UInt32
    /// As it is.
    public let found: UInt32
  }

  /// How many tensors there are.
  public let tensorCount: Int
  /// The size of them all in bytes.
  public let payloadByteCount: Int
  /// False for a safetensors file without our manifest: then only its structure was checked.
  public let hasChecksums: Bool
  /// Every damaged tensor, in payload order.
  public let damagedTensors: [Damage]
  /// Every tensor with values that trained weights do not have, in payload order. They are no damage: a faithful copy has
  /// them where the original had.
  public let unusualTensors: [TensorFinding]
  /// SHA-256 of the payload as the manifest has it; empty without one.
  public let expectedPayloadDigest: String
  /// SHA-256 of the payload as it is.
  public let payloadDigest: String

  /// Whether nothing is damaged, as far as could be checked.
  public var isIntact: Bool {
    damagedTensors.isEmpty && (!hasChecksums || payloadDigest == expectedPayloadDigest)
  }

  /// All damage as an error, or nil; `path` names the file.
  package func error(path: String) -> ArchiveError? {
    guard !isIntact else { return nil }
    return .damagedPayload(
      path: path, tensors: damagedTensors.map(\.name), expected: expectedPayloadDigest, found: payloadDigest)
  }
}

extension Archive {
  /// Reads every byte and reports all damage.
  ///
  /// - Throws: `FileError` for a file that cannot be read to its end, or that is written to meanwhile.
  /// - Complexity: O(file).
  package func check() throws(ArchiveError) -> Verification {
    var digest = Result<SHA256, ArchiveError>.success(SHA256())
    var found = Result<[TensorContents], ArchiveError>.success([])
    concurrently(
      &digest, { $0 = Result(catching: payloadDigest) },
      &found, { $0 = Result { () throws(ArchiveError) in try allContents() } })
    let (payload, contents) = (try digest.get(), try found.get())
    return Verification(
      tensorCount: tensors.count, payloadByteCount: payloadByteCount, hasChecksums: manifest != nil,
      damagedTensors: tensors.indices.compactMap { damage($0, contents[$0]) },
      unusualTensors: tensors.indices.compactMap { finding($0, contents[$0].values) },
      expectedPayloadDigest: header.manifest?.payloadDigest ?? "", payloadDigest: payload.hexadecimal)
  }

  /// Reads every byte; throws an error that names every damaged tensor.
  @discardableResult
  public func verify() throws(ArchiveError) -> Verification {
    let verification = try check()
    if let error = verification.error(path: path) { throw error }
    return verification
  }

  /// The tensors, of those that were verified until now, with values that trained weights do not have; in payload order.
  public var unusualTensors: [TensorFinding] {
    let counts = verified.counts
    return tensors.indices.compactMap { index in counts[index].flatMap { finding(index, $0) } }
  }

  /// What is wrong with one tensor's bytes, or nil.
  func damage(_ index: Int, _ contents: TensorContents) -> Verification.Damage? {
    guard let expected = header.manifest?.checksums[index], contents.checksum.value != expected else {
      return nil
    }
    return Verification.Damage(
      name: tensors[index].name, expected: expected, found: contents.checksum.value)
  }

  private func payloadDigest() throws(ArchiveError) -> SHA256 {
    try reading { () throws(FileError) in
      var digest = SHA256()
      _ = try file.part(header.payload, name: path).forEachPiece { piece in
        digest.update(piece)
        return true
      }
      return digest
    }
  }

  private func allContents() throws(ArchiveError) -> [TensorContents] {
    var contents: [TensorContents] = []
    for index in tensors.indices { contents.append(try self.contents(index)) }
    return contents
  }

  private func finding(_ index: Int, _ values: ValueCounts) -> TensorFinding? {
    TensorFinding(
      tensor: tensors[index].name, valueCount: tensors[index].shape.elementCount, values: values)
  }
}

/// What reading the bytes of a tensor, or of a piece of it, comes to.
struct TensorContents: Sendable {
  private(set) var checksum = CRC32()
  private(set) var values = ValueCounts()

  init() {}

  init(_ bytes: RawSpan, _ type: ScalarType, mayBeNegative: Bool) {
    checksum.update(bytes)
    values = ValueCounts(bytes, type, mayBeNegative: mayBeNegative)
  }

  func followed(by next: TensorContents) -> TensorContents {
    var whole = self
    whole.checksum = checksum.followed(by: next.checksum)
    whole.values = values + next.values
    return whole
  }
}

/// What the pieces of a tensor come to, whichever is read first.
final class TensorPieces: Sendable {
  private let scalarType: ScalarType
  private let mayBeNegative: Bool
  private let pieces: Mutex<[TensorContents]>

  init(_ tensor: TensorDeclaration, byteCount: Int) {
    scalarType = tensor.scalarType
    mayBeNegative = TensorFinding.mayBeNegative(tensor.name)
    pieces = Mutex([TensorContents](repeating: TensorContents(), count: FileBytes.pieceCount(byteCount)))
  }

  func add(_ piece: Int, _ bytes: RawSpan) {
    let contents = TensorContents(bytes, scalarType, mayBeNegative: mayBeNegative)
    pieces.withLock { $0[piece] = contents }
  }

  var contents: TensorContents { pieces.withLock { $0 }.reduce(TensorContents()) { $0.followed(by: $1) } }
}

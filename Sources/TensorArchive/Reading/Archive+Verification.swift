import Encoding
import Files
import Synchronization

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
  /// - Complexity: O(file).
  package func check() -> Verification {
    var digest = SHA256()
    var damages: [Verification.Damage] = []
    concurrently(
      &digest, { digest in file.withBytes { digest.update($0.extracting(header.payload)) } },
      &damages, { $0 = tensors.indices.compactMap(damage) })
    return Verification(
      tensorCount: tensors.count, payloadByteCount: payloadByteCount, hasChecksums: manifest != nil,
      damagedTensors: damages, expectedPayloadDigest: header.manifest?.payloadDigest ?? "",
      payloadDigest: digest.hexadecimal)
  }

  /// Reads every byte; throws an error that names every damaged tensor.
  @discardableResult
  public func verify() throws(ArchiveError) -> Verification {
    let verification = check()
    if let error = verification.error(path: path) { throw error }
    return verification
  }

  /// What is wrong with one tensor's bytes, or nil.
  func damage(_ index: Int) -> Verification.Damage? {
    damage(index) { count, body in (0..<count).forEach(body) }
  }

  /// The same, piece by piece; `forEach` calls its second argument once for each number below its first.
  func damage(
    _ index: Int, forEach: (Int, @escaping @Sendable (Int) -> Void) -> Void
  ) -> Verification.Damage? {
    guard let expected = header.manifest?.checksums[index] else { return nil }
    let found = checksum(range(index), forEach: forEach)
    guard found != expected else { return nil }
    return Verification.Damage(name: tensors[index].name, expected: expected, found: found)
  }

  private func checksum(
    _ range: Range<Int>, forEach: (Int, @escaping @Sendable (Int) -> Void) -> Void
  ) -> UInt32 {
    let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceByteCount))
    let pieces = Mutex([CRC32](repeating: CRC32(), count: starts.count))
    forEach(starts.count) { piece in
      let end = min(range.upperBound, starts[piece] + Self.pieceByteCount)
      var checksum = CRC32()
      file.withBytes { checksum.update($0.extracting(starts[piece]..<end)) }
      pieces.withLock { [checksum] in $0[piece] = checksum }
    }
    return pieces.withLock { $0 }.reduce(CRC32()) { $0.followed(by: $1) }.value
  }

  /// Bytes that one thread checks at a time.
  private static let pieceByteCount = 1 << 18
}

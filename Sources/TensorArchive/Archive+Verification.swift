/// What reading every byte of an archive found.
package struct Verification: Hashable, Sendable {
  /// A tensor whose bytes are not those that were written; both CRC-32.
  package struct Damage: Hashable, Sendable {
    package let name: String
    package let expected: UInt32
    package let found: UInt32
  }

  package let tensorCount: Int
  package let payloadByteCount: Int
  /// False for a safetensors file without our manifest: then only its structure was checked.
  package let hasChecksums: Bool
  /// Every damaged tensor, in payload order.
  package let damagedTensors: [Damage]
  /// SHA-256 of the payload as the manifest has it; empty without one.
  package let expectedPayloadDigest: String
  /// SHA-256 of the payload as it is.
  package let payloadDigest: String

  /// Whether nothing is damaged, as far as could be checked.
  package var isIntact: Bool {
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
  package func verify() throws(ArchiveError) -> Verification {
    let verification = check()
    if let error = verification.error(path: path) { throw error }
    return verification
  }

  /// What is wrong with one tensor's bytes, or nil.
  func damage(_ index: Int) -> Verification.Damage? {
    guard let expected = header.manifest?.checksums[index] else { return nil }
    let found = file.withBytes { CRC32.of($0.extracting(range(index))) }
    guard found != expected else { return nil }
    return Verification.Damage(name: tensors[index].name, expected: expected, found: found)
  }
}

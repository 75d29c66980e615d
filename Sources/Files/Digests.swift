import CDigests
import CZlib
import Encoding

/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
@safe package struct SHA256: Sendable {
  /// How the digest is computed; all variants agree.
  package enum Variant: UInt32, CaseIterable, Sendable {
    case portable, x86SHAExtensions, armv8Crypto

    /// Whether this processor has the instructions.
    package var isAvailable: Bool { sha256_is_available(code) }

    /// The fastest one available.
    package static let best = Variant(rawValue: sha256_best_variant().rawValue) ?? .portable

    fileprivate var code: sha256_variant { sha256_variant(rawValue) }
  }

  fileprivate var context = digest_context()
  fileprivate let variant: Variant

  /// - Precondition: `variant` is available.
  package init(variant: Variant = .best) {
    precondition(variant.isAvailable, "SHA256: this processor lacks the instructions of \(variant)")
    self.variant = variant
    unsafe sha256_begin(&context)
  }

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes {
      unsafe sha256_update(&context, variant.code, $0.baseAddress, $0.count)
    }
  }

  /// The digest of everything so far, in lower-case hexadecimal; more bytes may follow.
  package var hexadecimal: String {
    var spent = context
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA256_BYTE_COUNT)) { digest, count in
      unsafe sha256_finish(&spent, variant.code, digest.baseAddress)
      count = digest.count
    }.hexadecimal
  }
}

/// MD5 (RFC 1321) of bytes that arrive in pieces: to recognise published files, not to trust them.
@safe package struct MD5: Sendable {
  fileprivate var context = digest_context()

  package init() { unsafe md5_begin(&context) }

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe md5_update(&context, $0.baseAddress, $0.count) }
  }

  /// The digest of everything so far, in lower-case hexadecimal; more bytes may follow.
  package var hexadecimal: String {
    var spent = context
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(MD5_BYTE_COUNT)) { digest, count in
      unsafe md5_finish(&spent, digest.baseAddress)
      count = digest.count
    }.hexadecimal
  }
}

/// MD5 and SHA-256 of the same bytes, which takes little longer than MD5 alone.
@safe package struct DigestPair: Sendable {
  package private(set) var md5 = MD5()
  package private(set) var sha256: SHA256

  /// - Precondition: `variant` is available.
  package init(variant: SHA256.Variant = .best) { sha256 = SHA256(variant: variant) }

  package mutating func update(_ bytes: RawSpan) {
    let variant = sha256.variant.code
    unsafe bytes.withUnsafeBytes {
      unsafe digest_pair_update(&md5.context, &sha256.context, variant, $0.baseAddress, $0.count)
    }
  }
}

/// CRC-32 as zlib, PNG and zip compute it, of bytes that arrive in pieces.
package struct CRC32: Sendable {
  package private(set) var value: UInt32 = 0
  private var byteCount = 0

  /// Whether the processor does most of it.
  package static let isAccelerated = crc32_is_accelerated()

  package init() {}

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      // zlib takes a null pointer for "start again".
      guard let start = buffer.baseAddress, buffer.count > 0 else { return }
      byteCount += buffer.count
      let done = Self.isAccelerated ? unsafe crc32_update_accelerated(&value, start, buffer.count) : 0
      guard done < buffer.count else { return }
      value = UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(value), start + done, buffer.count - done))
    }
  }

  /// The checksum of `bytes`.
  package static func of(_ bytes: RawSpan) -> UInt32 {
    var checksum = CRC32()
    checksum.update(bytes)
    return checksum.value
  }

  /// The checksum of these bytes and those of `next` behind them.
  package func followed(by next: CRC32) -> CRC32 {
    var joined = self
    joined.value = UInt32(
      truncatingIfNeeded: crc32_combine(UInt(value), UInt(next.value), numericCast(next.byteCount)))
    joined.byteCount += next.byteCount
    return joined
  }
}

/// The version of the zlib in use: `1.3.1`.
package func zlibVersionInUse() -> String { unsafe String(cString: zlibVersion()) }

extension [UInt8] {
  /// Lends the bytes for the duration of `body`.
  package func withRawSpan<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe span.bytes)
  }
}

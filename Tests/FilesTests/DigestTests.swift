import Encoding
import Files
import Foundation
import TestSupport
import Testing

@Suite("Digests")
struct DigestTests {
  static let variants = SHA256.Variant.allCases.filter(\.isAvailable)

  /// NIST, Cryptographic Standards and Guidelines: examples with intermediate values; FIPS 180-2, appendix B.
  @Test(
    "SHA-256 of NIST's messages, by every variant",
    arguments: variants,
    [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
          + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func nist(variant: SHA256.Variant, vector: (message: String, digest: String)) {
    #expect(sha256(Array(vector.message.utf8), variant) == vector.digest)
  }

  @Test(
    "MD5 of RFC 1321's messages",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "d174ab98d277d9f5a5611c2c9f419d9f"
      ),
      (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
    ])
  func rfc1321(message: String, digest: String) {
    #expect(md5(Array(message.utf8)) == digest)
  }

  /// The digests of all prefixes of one message, digested themselves: as Python's hashlib has them.
  @Test("Every length around the block boundaries", arguments: variants)
  func lengths(variant: SHA256.Variant) throws {
    let message = (0..<400).map { UInt8(truncatingIfNeeded: 31 * $0 + 7) }
    let sha256s = try (0...300).flatMap { try bytes(sha256(Array(message.prefix($0)), variant)) }
    let md5s = try (0...300).flatMap { try bytes(md5(Array(message.prefix($0)))) }
    #expect(sha256(sha256s, variant) == Self.sha256OfPrefixes)
    #expect(md5(md5s) == Self.md5OfPrefixes)
  }

  @Test("Pieces of any size give the digest of the whole", arguments: variants)
  func pieces(variant: SHA256.Variant) {
    let message = (0..<200).map { UInt8(truncatingIfNeeded: 13 * $0 + 5) }
    let (strong, weak) = (sha256(message, variant), md5(message))
    for size in 1...130 {
      var (sha256, md5, crc32) = (SHA256(variant: variant), MD5(), CRC32())
      for start in stride(from: 0, to: message.count, by: size) {
        Array(message[start..<min(start + size, message.count)]).withRawSpan {
          sha256.update($0)
          md5.update($0)
          crc32.update($0)
        }
      }
      #expect(sha256.hexadecimal == strong, "pieces of \(size)")
      #expect(md5.hexadecimal == weak, "pieces of \(size)")
      #expect(crc32.value == message.withRawSpan { CRC32.of($0) }, "pieces of \(size)")
    }
  }

  @Test("A pair of digests is the two digests, in pieces of any size", arguments: variants)
  func pairs(variant: SHA256.Variant) {
    let message = (0..<400).map { UInt8(truncatingIfNeeded: 29 * $0 + 11) }
    let (strong, weak) = (sha256(message, .portable), md5(message))
    for size in 1...400 {
      var pair = DigestPair(variant: variant)
      for start in stride(from: 0, to: message.count, by: size) {
        Array(message[start..<min(start + size, message.count)]).withRawSpan { pair.update($0) }
      }
      [UInt8]().withRawSpan { pair.update($0) }
      #expect(pair.sha256.hexadecimal == strong, "pieces of \(size)")
      #expect(pair.md5.hexadecimal == weak, "pieces of \(size)")
    }
  }

  @Test("CRC-32 of the check message and of nothing")
  func crc32() {
    #expect(Array("123456789".utf8).withRawSpan { CRC32.of($0) } == 0xCBF4_3926)
    #expect([UInt8]().withRawSpan { CRC32.of($0) } == 0)
  }

  /// One byte at a time is zlib's own way whatever the processor has.
  @Test("CRC-32 by the processor's instructions is zlib's, of any length, from any address and any start")
  func acceleratedCRC32() {
    let message = (0..<1_200).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
    for start in 0..<18 {
      var (slow, checked) = (CRC32(), start)
      for end in stride(from: start, through: message.count, by: start % 2 == 0 ? 1 : 97) {
        for byte in message[checked..<end] { [byte].withRawSpan { slow.update($0) } }
        checked = end
        let fast = message.withRawSpan { CRC32.of($0.extracting(start..<end)) }
        #expect(fast == slow.value, "\(start)..<\(end)")
        var halves = CRC32()
        message.withRawSpan {
          halves.update($0.extracting(start..<(start + end) / 2))
          halves.update($0.extracting((start + end) / 2..<end))
        }
        #expect(halves.value == slow.value, "\(start)..<\(end) in halves")
      }
    }
  }

  @Test("A file's digests are those of its bytes, whatever its size")
  func files() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "file").path
      for size in [0, 1, 262_143, 262_144, 262_145, 1_000_000] {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        try Data(content).write(to: URL(fileURLWithPath: path))
        let digests = try FileDigests(contentsOf: path)
        #expect(digests.byteCount == size)
        #expect(digests.sha256 == sha256(content, .portable))
        #expect(digests.md5 == md5(content))
      }
    }
  }

  @Test("Checksums of pieces make the checksum of the whole, wherever it is cut")
  func joinedChecksums() {
    let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    func checksum(_ bytes: ArraySlice<UInt8>) -> CRC32 {
      var checksum = CRC32()
      Array(bytes).withRawSpan { checksum.update($0) }
      return checksum
    }
    let whole = checksum(bytes[...])
    for (first, second) in [(0, 0), (0, 1), (1, 256), (255, 999), (500, 500), (1_000, 1_000)] {
      let joined = checksum(bytes[..<first]).followed(by: checksum(bytes[first..<second]))
        .followed(by: checksum(bytes[second...]))
      #expect(joined.value == whole.value, "cut at \(first) and \(second)")
    }
  }

  @Test("Digests of what is no file are refused")
  func refusals() throws {
    try withTemporaryFolder { folder in
      let absent = folder.appending(path: "absent").path
      #expect(throws: FileError.unreadable(path: absent, reason: "no such file or folder; check the path")) {
        try FileDigests(contentsOf: absent)
      }
      #expect(
        throws: FileError.unreadable(path: folder.path, reason: "it is a folder; name a file inside it")
      ) {
        try FileDigests(contentsOf: folder.path)
      }
    }
  }

  private static let sha256OfPrefixes = "78f25692e2f4dd74482ac3dcf4f505a7c278fa279588b764b99a497144bcd49c"
  private static let md5OfPrefixes = "762bf68f48d71a2efae5a1c9289ce67a"

  private func sha256(_ message: [UInt8], _ variant: SHA256.Variant) -> String {
    var digest = SHA256(variant: variant)
    message.withRawSpan { digest.update($0) }
    return digest.hexadecimal
  }

  private func md5(_ message: [UInt8]) -> String {
    var digest = MD5()
    message.withRawSpan { digest.update($0) }
    return digest.hexadecimal
  }

  private func bytes(_ hexadecimal: String) throws -> [UInt8] {
    let digits = Array(hexadecimal)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
    }
  }
}

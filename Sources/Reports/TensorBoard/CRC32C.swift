import Encoding

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): the checksum of TensorFlow's record files.
package enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { bits, _ in bits & 1 == 1 ? bits >> 1 ^ 0x82F6_3B78 : bits >> 1 }
  }

  /// The checksum of `bytes`.
  package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }

  /// The checksum turned and shifted, so that the checksum of bytes that contain one says something still
  /// (`tensorflow/core/lib/hash/crc32c.h`).
  package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let checksum = of(bytes)
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

/// A record as TensorFlow's record files hold it (`tensorflow/core/lib/io/record_writer.h`): the length in
/// eight bytes and their checksum, the payload and its checksum, all little-endian.
package func tensorFlowRecord(_ payload: [UInt8]) -> [UInt8] {
  let length = UInt64(payload.count).littleEndianBytes
  return length + CRC32C.masked(length).littleEndianBytes + payload + CRC32C.masked(payload).littleEndianBytes
}

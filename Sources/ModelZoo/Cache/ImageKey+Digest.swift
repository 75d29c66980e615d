import Encoding
import Files
import Images
import TensorArchive

extension ImageKey {
  static let byteCount = 16

  /// 128 bits of a SHA-256: the key of a file with the digest `file` under the transform called `label`.
  init(file: String, label: String) {
    var digest = SHA256()
    Array("\(file)\n\(label)".utf8).withRawSpan { digest.update($0) }
    let digits = digest.hexadecimal
    self.init(
      high: UInt64(digits.prefix(16), radix: 16) ?? 0,
      low: UInt64(digits.dropFirst(16).prefix(16), radix: 16) ?? 0)
  }

  init(_ bytes: ArraySlice<UInt8>) {
    self.init(high: UInt64(littleEndian: bytes.prefix(8)), low: UInt64(littleEndian: bytes.dropFirst(8)))
  }

  var bytes: [UInt8] { high.littleEndianBytes + low.littleEndianBytes }
}

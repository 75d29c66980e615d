import Encoding
import Files

/// The digest that guards the header and, as the header holds the payload's digest, names the whole archive:
/// SHA-256 of the bytes ahead of the payload, with the digest's own digits replaced by zeros.
enum ArchiveDigest {
  static let digitCount = 64
  static let placeholder = String(repeating: "0", count: digitCount)

  /// Where its digits lie in every archive, from the first byte of the file.
  static let range: Range<Int> = {
    let start = FormatLimits.lengthFieldByteCount + MetadataKey.headerStart.utf8.count
    return start..<(start + digitCount)
  }()

  /// The digest that `header`, length field included, must carry.
  static func of(_ header: [UInt8]) -> String {
    var header = header
    header.replaceSubrange(range, with: Array(placeholder.utf8))
    var digest = SHA256()
    header.withRawSpan { digest.update($0) }
    return digest.hexadecimal
  }

  /// The digits that `header` carries, or nil when they are not where every archive has them.
  static func found(in header: [UInt8]) -> String? {
    let start = Array(MetadataKey.headerStart.utf8)
    guard header.count > range.upperBound,
      header[FormatLimits.lengthFieldByteCount..<range.lowerBound].elementsEqual(start)
    else { return nil }
    let digits = String(decoding: header[range], as: UTF8.self)
    return digits.isHexadecimal(count: digitCount) ? digits : nil
  }
}

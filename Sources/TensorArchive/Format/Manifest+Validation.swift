import Encoding

extension Manifest {
  /// Refuses what a reader would refuse; `path` is for the errors.
  func validate(path: String) throws(ArchiveError) {
    for name in sections.keys.sorted() where !Self.isSectionName(name) {
      throw .invalidContents(
        path: path, place: "section name",
        expected: "1 to \(FormatLimits.maximumSectionNameByteCount) of A-Z a-z 0-9 - _ .",
        found: JSON.string(name).compact)
    }
    guard let digests = source?.digests else { return }
    guard digests.byteCount >= 0, digests.md5.isHexadecimal(count: 32),
      digests.sha256.isHexadecimal(count: 64)
    else {
      throw .invalidContents(
        path: path, place: "source", expected: "a size, 32 and 64 hexadecimal digits",
        found: "\(digests.byteCount), \(digests.md5), \(digests.sha256)")
    }
  }

  static func isSectionName(_ name: String) -> Bool {
    (1...FormatLimits.maximumSectionNameByteCount).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}

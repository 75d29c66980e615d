import Tensors

/// What a file that is no archive looks like, from its first bytes: a help to whoever opened the wrong one.
enum FileSignature {
  private static let known: [(start: [UInt8], finding: String)] = [
    ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "an HDF5 file; convert it first"),
    (Array("PK\u{3}\u{4}".utf8), "a zip file"),
    (Array("version https://git-lfs".utf8), "a Git LFS pointer; fetch the file it stands for"),
    (Array("<!DOCTYPE".utf8), "a web page"),
    (Array("<html".utf8), "a web page"),
  ]

  /// Words for the first bytes of a file, or nil for bytes nobody knows.
  static func finding(_ start: [UInt8]) -> String? {
    known.first { start.starts(with: $0.start) }?.finding ?? ForeignFormat.name(ofFileBeginning: start)
  }
}

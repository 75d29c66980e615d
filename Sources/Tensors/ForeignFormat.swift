/// Formats that none of our readers read, by the bytes files of them begin with: a help to whoever opened the
/// wrong file.
package enum ForeignFormat {
  private static let known: [(start: [UInt8], name: String)] = [
    ([0xFF, 0xD8, 0xFF], "a JPEG image"),
    ([0x89] + Array("PNG".utf8), "a PNG image"),
    (Array("GIF8".utf8), "a GIF image"),
    (Array("BM".utf8), "a BMP image"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0x93] + Array("NUMPY".utf8), "a NumPy file"),
    (Array("GGUF".utf8), "a GGUF file"),
    ([0x80, 0x02], "a Python pickle, as old versions of PyTorch write"),
  ]

  /// Words for the first bytes of a file, or nil for bytes nobody knows.
  package static func name(ofFileBeginning start: [UInt8]) -> String? {
    known.first { start.starts(with: $0.start) }?.name
  }
}

/// A picture format this module decodes.
public enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg = "JPEG"
  case png = "PNG"
  case bmp = "BMP"
  /// The PBM, PGM and PPM family, `P1` to `P6`.
  case netpbm = "PPM"

  /// What the first bytes of a file say about it; the file's name is never asked.
  package enum Recognition: Equatable {
    case decodable(ImageFormat)
    /// A picture format we know by name only.
    case foreign(String)
    /// No picture; what it looks like instead.
    case other(String)
  }

  /// Recognises a format by its signature.
  package static func recognise(_ bytes: Span<UInt8>) -> Recognition {
    if bytes.isEmpty { return .other("an empty file") }
    if let format = decodable(bytes) { return .decodable(format) }
    if let name = foreign(bytes) { return .foreign(name) }
    return .other(impostor(bytes))
  }

  private static func decodable(_ bytes: Span<UInt8>) -> ImageFormat? {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
    if bytes.starts(with: "BM") { return .bmp }
    if bytes.count > 2, bytes[0] == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1]),
      bytes[2].isNetpbmSpace || bytes[2] == UInt8(ascii: "#")
    {
      return .netpbm
    }
    return nil
  }

  private static func foreign(_ bytes: Span<UInt8>) -> String? {
    if bytes.starts(with: "GIF8") { return "GIF" }
    if bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A])
      || bytes.starts(with: [0x49, 0x49, 0x2B, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2B])
    {
      return "TIFF"
    }
    if bytes.starts(with: "RIFF"), bytes.starts(with: "WEBP", at: 8) { return "WebP" }
    if bytes.starts(with: "ftypavif", at: 4) || bytes.starts(with: "ftypavis", at: 4) { return "AVIF" }
    if bytes.starts(with: "ftyphei", at: 4) || bytes.starts(with: "ftypmif1", at: 4) { return "HEIC" }
    if bytes.starts(with: [0, 0, 0, 12]), bytes.starts(with: "jP  ", at: 4) { return "JPEG 2000" }
    if bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) { return "JPEG 2000" }
    if bytes.starts(with: [0, 0, 0, 12]), bytes.starts(with: "JXL ", at: 4) { return "JPEG XL" }
    if bytes.starts(with: [0xFF, 0x0A]) { return "JPEG XL" }
    if bytes.starts(with: [0, 0, 1, 0]) { return "ICO" }
    if bytes.starts(with: "8BPS") { return "Photoshop" }
    if bytes.starts(with: "<svg") { return "SVG" }
    return nil
  }

  private static func impostor(_ bytes: Span<UInt8>) -> String {
    if bytes.starts(with: "version https://git-lfs") { return "a Git LFS pointer" }
    if bytes.starts(with: "<!DOCTYPE") || bytes.starts(with: "<!doctype") || bytes.starts(with: "<html") {
      return "an HTML page"
    }
    if bytes.starts(with: "PK\u{3}\u{4}") { return "a zip archive" }
    if bytes.starts(with: [0x00, 0x05, 0x16, 0x07]) { return "macOS's AppleDouble companion of a file" }
    return "unknown bytes"
  }
}

extension Span<UInt8> {
  func starts(with prefix: [UInt8], at offset: Int = 0) -> Bool {
    guard count >= offset + prefix.count else { return false }
    return prefix.indices.allSatisfy { self[offset + $0] == prefix[$0] }
  }

  func starts(with prefix: String, at offset: Int = 0) -> Bool {
    starts(with: Array(prefix.utf8), at: offset)
  }
}

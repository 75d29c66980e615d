import Files

/// An image format this module decodes.
public enum ImageFormat: String, Sendable, CaseIterable {
  /// Baseline and progressive.
  case jpeg = "JPEG"
  /// Of any colour type and depth.
  case png = "PNG"
  /// Windows bitmaps.
  case bmp = "BMP"
  /// The PBM, PGM and PPM family, `P1` to `P6`.
  case netpbm = "PPM"
}

extension ImageFormat {
  /// The format of an image of `kind`; nil for one this module does not decode.
  init?(_ kind: FileKind.ImageKind) {
    switch kind {
    case .jpeg: self = .jpeg
    case .png: self = .png
    case .bmp: self = .bmp
    case .netpbm: self = .netpbm
    default: return nil
    }
  }

  /// The format of an image by its first bytes; the file's name is never asked.
  static func recognise(_ bytes: Span<UInt8>, name: String) throws(ImageError) -> ImageFormat {
    let head = bytes.extracting(0..<min(bytes.count, FileKind.headByteCount))
    let kind = FileKind(head: head, byteCount: bytes.count)
    guard case .image(let image) = kind else {
      throw .notAnImage(name: name, found: kind.words + (kind.remedy.map { "; \($0)" } ?? ""))
    }
    guard let format = ImageFormat(image) else {
      throw .unsupportedFormat(name: name, format: image.rawValue)
    }
    return format
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

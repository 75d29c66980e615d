package import Files

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
  /// The first page, of 1 to 32 bits a sample, uncompressed or compressed by what libtiff knows.
  case tiff = "TIFF"
  /// With or without loss; the first frame of an animation.
  case webp = "WebP"

  /// All of them in a list that ends with "and" or "or".
  package static func list(_ conjunction: String) -> String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " \(conjunction) " + names[names.count - 1]
  }
}

extension ImageFormat {
  /// The format of an image of `kind`; nil for one this module does not decode.
  package init?(_ kind: FileKind.ImageKind) {
    switch kind {
    case .jpeg: self = .jpeg
    case .png: self = .png
    case .bmp: self = .bmp
    case .netpbm: self = .netpbm
    case .tiff: self = .tiff
    case .webP: self = .webp
    case .gif, .avif, .heic, .jpeg2000, .jpegXL, .ico, .photoshop, .svg: return nil
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

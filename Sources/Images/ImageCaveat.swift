import CImages
import Files

/// What one should know of an image that was read: not all of it went into its pixels.
public enum ImageCaveat: String, Hashable, Sendable, CaseIterable {
  /// Gray of more than 8 bits, whose values above 255 were cut off there, as Keras does.
  case cutAt255
  /// Several pages or frames, of which the first was read.
  case firstOfSeveral
}

extension ImageCaveat {
  /// The caveats of an image file in memory, by its header; none of one that cannot be read.
  static func found(in bytes: Span<UInt8>, _ mode: ColorMode) -> Set<ImageCaveat> {
    guard let format = try? ImageFormat.recognise(bytes, name: "") else { return [] }
    var caveats: Set<ImageCaveat> = []
    switch format {
    case .jpeg, .bmp: break
    case .png:
      // The depth and the colour type of the header, which stands first.
      let isDeepGray = bytes.count > 25 && bytes[24] == 16 && bytes[25] == 0
      if isDeepGray, mode == .rgb { caveats.insert(.cutAt255) }
      if hasPNGFrames(bytes) { caveats.insert(.firstOfSeveral) }
    case .netpbm:
      if mode == .rgb, (try? NetpbmDecoder(bytes, limits: .standard))?.isDeep == true {
        caveats.insert(.cutAt255)
      }
    case .tiff: add(to: &caveats, (try? ImageLibrary.tiff.header(bytes)), mode)
    case .webp: add(to: &caveats, (try? ImageLibrary.webp.header(bytes)), mode)
    }
    return caveats
  }

  private static func add(
    to caveats: inout Set<ImageCaveat>, _ header: cimages_header?, _ mode: ColorMode
  ) {
    guard let header else { return }
    if header.is_cut != 0 || (header.sample_size > 1 && mode == .rgb) { caveats.insert(.cutAt255) }
    if header.has_more != 0 { caveats.insert(.firstOfSeveral) }
  }

  /// Whether an animation's chunk stands ahead of the image data.
  private static func hasPNGFrames(_ bytes: Span<UInt8>) -> Bool {
    var offset = 8
    while let length = bytes.bigEndian32(at: offset), Int(length) <= bytes.count - offset - 12 {
      if bytes.starts(with: "acTL", at: offset + 4) {
        return Int(length) >= 4 && bytes.bigEndian32(at: offset + 8) != 1
      }
      if bytes.starts(with: "IDAT", at: offset + 4) { return false }
      offset += 12 + Int(length)
    }
    return false
  }
}

/// Which colours of an image are kept, by the names of Keras's `color_mode`.
///
/// There is no `rgba`: a network that was trained on photographs takes three channels, and alpha is always
/// dropped.
public enum ColorMode: String, Hashable, Sendable, CaseIterable, Codable {
  /// Red, green and blue.
  case rgb
  /// The luminance in all three channels; Keras makes one channel, which no pretrained network takes.
  case grayscale
}

extension Bitmap {
  /// The image without its colours, as Pillow's `convert("L")` makes it (ITU-R 601-2 luma), in all three channels.
  public var grayscale: Bitmap {
    let source = pixels.span
    let gray = [UInt8](capacity: pixels.count) { target in
      for offset in stride(from: 0, to: source.count, by: 3) {
        let luma = Self.luma(source[offset], source[offset + 1], source[offset + 2])
        target.append(luma)
        target.append(luma)
        target.append(luma)
      }
    }
    return Bitmap(width: width, height: height, samples: gray)
  }

  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    UInt8((Int32(red) * 19595 + Int32(green) * 38470 + Int32(blue) * 7471 + 0x8000) >> 16)
  }

  func keeping(_ mode: ColorMode) -> Bitmap { mode == .grayscale ? grayscale : self }
}

/// Gray of more than 8 bits, as Pillow's modes `I;16` and `I` have it: `[H, W]`, values as they are stored.
struct DeepGray: Hashable, Sendable {
  let width: Int
  let height: Int
  /// `height * width` values.
  let values: [Int32]
  /// Whether the values are of 16 bits without a sign, which decides how filters round what overshoots.
  let isOf16Bits: Bool

  /// The image with values above 255 cut off there: what Pillow makes of it in colour, and in 8 bits.
  var cut: Bitmap {
    Bitmap(width: width, height: height, samples: SampleConversion.rgb(cutting: values.span))
  }

  /// The values on their way to a network, alike in all three channels.
  var floats: FloatPixels {
    let scalars = [Float](capacity: 3 * values.count) { target in
      for value in values {
        for _ in 0..<3 { target.append(Float(value)) }
      }
    }
    return FloatPixels(width: width, height: height, values: scalars)
  }
}

/// What a decoder makes of a file.
enum DecodedImage: Sendable {
  case bitmap(Bitmap)
  case deepGray(DeepGray)

  /// In 8 bits.
  var bitmap: Bitmap {
    switch self {
    case .bitmap(let bitmap): bitmap
    case .deepGray(let gray): gray.cut
    }
  }

  func turned(_ orientation: Orientation) -> DecodedImage {
    switch self {
    case .bitmap(let bitmap): .bitmap(bitmap.turned(orientation))
    case .deepGray(let gray): .deepGray(gray.turned(orientation))
    }
  }
}

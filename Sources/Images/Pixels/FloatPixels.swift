/// An image on its way to a network: RGB, interleaved, `[H, W, 3]`, on the scale of 0 to 255, not rounded.
struct FloatPixels {
  let width: Int
  let height: Int
  var values: [Float]

  init(width: Int, height: Int, values: [Float]) {
    self.width = width
    self.height = height
    self.values = values
  }

  init(_ bitmap: Bitmap) {
    self.init(width: bitmap.width, height: bitmap.height, values: bitmap.pixels.map { Float($0) })
  }

  /// The nearest image of 8 bits, for looking at.
  var rounded: Bitmap {
    Bitmap(
      width: width, height: height,
      samples: values.map { UInt8(saturating: $0.rounded()) })
  }

  /// Cut off to 8 bits, as NumPy's `astype("uint8")` cuts numbers in range.
  var truncated: Bitmap {
    Bitmap(width: width, height: height, samples: values.map { UInt8(saturating: $0) })
  }
}

extension UInt8 {
  /// The whole part of a number, cut off to what 8 bits hold; 0 for what is no number.
  init(saturating value: Float) { self = value >= 255 ? 255 : value > 0 ? UInt8(value) : 0 }
}

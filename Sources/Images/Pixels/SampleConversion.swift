/// Decoded samples of other kinds into RGB, with Pillow's arithmetic.
enum SampleConversion {
  static func rgb(gray: Span<UInt8>) -> [UInt8] {
    triples(count: gray.count) {
      let value = gray[$0]; return (value, value, value)
    }
  }

  /// Gray of more than 8 bits saturates: Pillow calls all above 255 white.
  static func rgb(cutting values: Span<Int32>) -> [UInt8] {
    triples(count: values.count) { index in
      let value = UInt8(clamping: values[index])
      return (value, value, value)
    }
  }

  /// Numbers of 2 bytes without a sign, or of 4 with one, the highest byte first.
  static func numbers(_ samples: Span<UInt8>, byteCount: Int) -> [Int32] {
    [Int32](capacity: samples.count / byteCount) { values in
      for start in stride(from: 0, to: samples.count, by: byteCount) {
        var value: UInt32 = 0
        for offset in 0..<byteCount { value = value << 8 | UInt32(samples[start + offset]) }
        values.append(Int32(bitPattern: value))
      }
    }
  }

  static func rgb(indices: Span<UInt8>, palette: Span<UInt8>) -> [UInt8] {
    triples(count: indices.count) { index in
      let entry = 3 * Int(indices[index])
      return (palette[entry], palette[entry + 1], palette[entry + 2])
    }
  }

  /// Adobe's applications store 255 minus the ink.
  static func rgb(invertedCMYK samples: Span<UInt8>) -> [UInt8] {
    triples(count: samples.count / 4) { index in
      let paper = Int(samples[4 * index + 3])
      func channel(_ offset: Int) -> UInt8 {
        let scaled = (255 - Int(samples[4 * index + offset])) * paper + 128
        return UInt8(paper - ((scaled >> 8) + scaled) >> 8)
      }
      return (channel(0), channel(1), channel(2))
    }
  }

  private static func triples(count: Int, _ color: (Int) -> (UInt8, UInt8, UInt8)) -> [UInt8] {
    [UInt8](capacity: 3 * count) { pixels in
      for index in 0..<count {
        let (red, green, blue) = color(index)
        pixels.append(red)
        pixels.append(green)
        pixels.append(blue)
      }
    }
  }
}

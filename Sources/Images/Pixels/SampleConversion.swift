/// Decoded samples of other kinds into RGB, with Pillow's arithmetic.
enum SampleConversion {
  static func rgb(gray: Span<UInt8>) -> [UInt8] {
    triples(count: gray.count) {
      let value = gray[$0]; return (value, value, value)
    }
  }

  /// 16-bit gray saturates: Pillow keeps the low byte of what is below 256 and calls the rest white.
  static func rgb(bigEndianGray16 samples: Span<UInt8>) -> [UInt8] {
    triples(count: samples.count / 2) { index in
      let value = samples[2 * index] == 0 ? samples[2 * index + 1] : 255
      return (value, value, value)
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

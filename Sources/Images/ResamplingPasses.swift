extension ResamplingWeights {
  private static var half: Int32 { 1 << (precision - 1) }

  private static func clamped(_ sum: Int32) -> UInt8 { UInt8(max(0, min(255, sum >> precision))) }

  /// Makes one new row of RGB pixels of an old one.
  func stretch(_ source: Span<UInt8>, into target: inout MutableSpan<UInt8>, at offset: Int) {
    let weights = weights.span
    for position in starts.indices {
      var (red, green, blue) = (Self.half, Self.half, Self.half)
      var pixel = 3 * starts[position]
      let first = capacity * position
      for index in first..<first + counts[position] {
        let weight = weights[index]
        red &+= Int32(source[pixel]) &* weight
        green &+= Int32(source[pixel + 1]) &* weight
        blue &+= Int32(source[pixel + 2]) &* weight
        pixel += 3
      }
      target[offset + 3 * position] = Self.clamped(red)
      target[offset + 3 * position + 1] = Self.clamped(green)
      target[offset + 3 * position + 2] = Self.clamped(blue)
    }
  }

  /// Makes new row `row` as a weighted sum of old rows of `stride` samples; `sums` is scratch of that length.
  func blend(
    _ source: Span<UInt8>, stride: Int, row: Int, sums: inout [Int32],
    into target: inout MutableSpan<UInt8>, at offset: Int
  ) {
    var totals = sums.mutableSpan
    for index in totals.indices { totals[index] = Self.half }
    for step in 0..<counts[row] {
      let weight = weights[capacity * row + step]
      let line = source.extracting(stride * (starts[row] + step)..<stride * (starts[row] + step + 1))
      for index in totals.indices { totals[index] &+= Int32(line[index]) &* weight }
    }
    for index in totals.indices { target[offset + index] = Self.clamped(totals[index]) }
  }
}

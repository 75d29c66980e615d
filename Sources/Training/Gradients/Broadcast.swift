import Tensors

/// How a smaller activation is repeated to the size of a larger one, and how gradients are added up again.
struct Broadcast: Sendable {
  private let own: ImageSize
  private let whole: ImageSize

  init(_ shape: TensorShape, to whole: TensorShape) {
    (own, self.whole) = (ImageSize(shape), ImageSize(whole))
  }

  /// Whether nothing is repeated.
  var isPlain: Bool { own == whole }

  /// Elements of the samples repeated.
  func expanded(_ input: [Float], samples: Int) -> [Float] {
    if isPlain { return input }
    var result = [Float](repeating: 0, count: samples * whole.elements)
    var target = result.mutableSpan
    if isPooled {
      for row in 0..<samples * whole.pixels {
        let start = row / whole.pixels * own.channels
        Rows.copy(
          input.span.extracting(start..<start + own.channels), into: &target, at: row * whole.channels)
      }
    } else {
      for index in target.indices { target[index] = input[place(of: index)] }
    }
    return result
  }

  /// Adds up what was repeated.
  func reduced(_ gradient: Span<Float>, into result: inout MutableSpan<Float>) {
    if isPlain { return Rows.copy(gradient, into: &result) }
    for index in result.indices { result[index] = 0 }
    if isPooled {
      for row in 0..<gradient.count / whole.channels {
        Rows.add(
          gradient.extracting(row * whole.channels..<(row + 1) * whole.channels), to: &result,
          at: row / whole.pixels * own.channels)
      }
    } else {
      for index in gradient.indices { result[place(of: index)] += gradient[index] }
    }
  }

  /// Whether it is one pixel of the larger.
  private var isPooled: Bool { own.pixels == 1 && own.channels == whole.channels }

  /// Where the element that is repeated at `index` lies.
  private func place(of index: Int) -> Int {
    let (pixel, channel) = index.quotientAndRemainder(dividingBy: whole.channels)
    let (row, x) = pixel.quotientAndRemainder(dividingBy: whole.width)
    let (sample, y) = row.quotientAndRemainder(dividingBy: whole.height)
    func kept(_ position: Int, _ extent: Int) -> Int { extent == 1 ? 0 : position }
    return ((sample * own.height + kept(y, own.height)) * own.width + kept(x, own.width)) * own.channels
      + kept(channel, own.channels)
  }
}

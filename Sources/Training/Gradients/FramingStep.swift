import Tensors

/// Where an image lies in a larger one.
struct Frame: Sendable {
  var inner: ImageSize
  var outer: ImageSize
  var top: Int
  var left: Int

  /// Copies the image out of the larger one.
  func cut(_ images: Span<Float>, into target: inout MutableSpan<Float>) {
    forEachRow(images.count / outer.elements) { inside, outside in
      Rows.copy(images.extracting(outside), into: &target, at: inside.lowerBound)
    }
  }

  /// Copies the image into a larger one of zeros.
  func surround(_ images: Span<Float>, into target: inout MutableSpan<Float>) {
    for index in target.indices { target[index] = 0 }
    forEachRow(images.count / inner.elements) { inside, outside in
      Rows.copy(images.extracting(inside), into: &target, at: outside.lowerBound)
    }
  }

  /// Calls `body` with where each row of the smaller image lies in both.
  private func forEachRow(_ count: Int, _ body: (_ inside: Range<Int>, _ outside: Range<Int>) -> Void) {
    let length = inner.width * inner.channels
    for row in 0..<count * inner.height {
      let (image, y) = row.quotientAndRemainder(dividingBy: inner.height)
      let outside = ((image * outer.height + top + y) * outer.width + left) * outer.channels
      body(row * length..<(row + 1) * length, outside..<outside + length)
    }
  }
}

/// Zeros around images, or what is around them cut off.
struct FramingStep: UnaryStep {
  var frame: Frame
  var cuts: Bool

  var backwardReads: BackwardReads { [] }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    if cuts { frame.cut(input, into: &output) } else { frame.surround(input, into: &output) }
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let gradient = record.gradient.span
    if cuts { frame.surround(gradient, into: &result) } else { frame.cut(gradient, into: &result) }
  }
}

import CKernels

extension KernelActivation {
  /// Writes the activation of every element of `input` into `output`. The same bits as a step's, for any number of
  /// threads.
  ///
  /// - Precondition: as many elements in one as in the other.
  package func apply(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, pool: ThreadPool = .shared,
    variant: KernelVariant = .preferred
  ) {
    let description = description
    unsafe forEachRow(input, &output, width: 1, pool) { x, result, rows in
      let table = unsafe variant.table
      unsafe table.activate(description, x.base, rows, result.base, rows, 1, rows)
    }
  }
}

extension ChannelStep.Function {
  /// Writes the function of every row of `width` elements of `input` into `output`. The same bits as a step's, for any
  /// number of threads.
  ///
  /// - Precondition: as many elements in one as in the other, a multiple of `width`.
  package func apply(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, width: Int, pool: ThreadPool = .shared,
    variant: KernelVariant = .preferred
  ) {
    unsafe forEachRow(input, &output, width: width, pool) { x, result, rows in
      unsafe apply(x, result, pixels: rows, channels: width, variant)
    }
  }
}

/// Calls `body` for ranges of rows, so many of them at a time.
@unsafe private func forEachRow(
  _ input: Span<Float>, _ output: inout MutableSpan<Float>, width: Int, _ pool: ThreadPool,
  _ body: @escaping @Sendable (_ input: StridedPixels, _ output: StridedPixels, _ rows: Int) -> Void
) {
  precondition(
    input.count == output.count && width > 0 && input.count.isMultiple(of: width),
    "rows of \(width): \(input.count) elements into \(output.count)")
  unsafe input.withUnsafeBufferPointer { source in
    unsafe output.withUnsafeMutableBufferPointer { target in
      guard let from = source.baseAddress, let to = target.baseAddress else { return }
      // Only read from; the type is that of places, which are both.
      let x = unsafe StridedPixels(UnsafeMutablePointer(mutating: from), stride: width)
      let result = unsafe StridedPixels(to, stride: width)
      pool.forEachRange(input.count / width, unit: max(1, 16_384 / width)) { range, _ in
        unsafe body(x.pixel(range.lowerBound), result.pixel(range.lowerBound), range.count)
      }
    }
  }
}

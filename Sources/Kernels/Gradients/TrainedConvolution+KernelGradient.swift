import CKernels
import Tensors

extension TrainedConvolution {
  /// The gradient by the kernel: the sum over all output pixels of what their windows saw times the gradient there.
  package func kernelGradient(
    _ input: Span<Float>, _ gradient: Span<Float>, _ crew: TrainingCrew,
    _ body: (Span<Float>) -> Void
  ) {
    precondition(input.count == crew.images * window.input.elements)
    precondition(gradient.count == crew.images * outputPixels * filters)
    let result = crew.memory.room(.gradient, byteCount: columns * filters * 4)
    let target = unsafe result.floats(count: columns * filters)
    unsafe input.withUnsafeBufferPointer { source in
      unsafe gradient.withUnsafeBufferPointer { slopes in
        guard let image = source.baseAddress, let slope = slopes.baseAddress else { return }
        if let form = form ?? (isPointwise ? .pixels : nil) {
          unsafe multiplyTiles(form, image, slope, into: target, crew)
        } else {
          unsafe multiplyWindows(image, slope, into: target, crew)
        }
      }
    }
    body(unsafe UnsafeBufferPointer(start: target, count: columns * filters).span)
    withExtendedLifetime(result) {}
  }

  /// `transpose(transpose(gradient) x windows)`: windows are packed as they are read, and what is transposed is small.
  @unsafe private func multiplyWindows(
    _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    let (pixels, pool) = (crew.images * outputPixels, crew.pool)
    let together = slice(pixels, width: columns)
    let panels = crew.memory.room(
      .columns, byteCount: PackedWeights.byteCount(depth: together, columns: columns, variant: variant))
    let transposed = crew.memory.room(.transposed, byteCount: filters * together * 4)
    let product = crew.memory.room(.product, byteCount: filters * columns * 4)
    let sums = unsafe product.floats(count: filters * columns)
    for start in stride(from: 0, to: pixels, by: together) {
      let count = min(together, pixels - start)
      let turned = unsafe transposed.floats(count: filters * count)
      unsafe transpose(
        gradient + start * filters, rows: count, columns: filters, into: turned, pool: pool, variant: variant)
      unsafe packWindows(input, first: start, count: count, into: panels, pool)
      unsafe multiply(
        turned, filters, panels.floats, columns, depth: count, into: sums, accumulating: start > 0, pool)
    }
    unsafe transpose(sums, rows: filters, columns: columns, into: result, pool: pool, variant: variant)
    withExtendedLifetime((panels, transposed, product)) {}
  }

  /// Packs what the windows of output pixels `first..<first + count` see.
  @unsafe private func packWindows(
    _ input: UnsafePointer<Float>, first: Int, count: Int, into panels: ByteBuffer, _ pool: ThreadPool
  ) {
    let zeros = ByteBuffer([Float](repeating: 0, count: channels))
    let work = unsafe kernels_window_columns(
      window: window.description(reading: input, stride: channels), zeros: zeros.floats, first: first,
      depth: count, columns: nil, output: nil)
    let table = unsafe variant.gradients
    pool.forEachBlock(columns, unit: 2 * variant.panelColumns) { range in
      unsafe withUnsafePointer(to: work) { work in
        unsafe table.pack_window(
          work, panels.floats(count: panels.byteCount / 4), range.lowerBound, range.upperBound)
      }
    }
    withExtendedLifetime(zeros) {}
  }

  /// `left x right`, with a right side that is packed.
  @unsafe private func multiply(
    _ left: UnsafePointer<Float>, _ rows: Int, _ panels: UnsafePointer<Float>, _ columns: Int, depth: Int,
    into product: UnsafeMutablePointer<Float>, accumulating: Bool, _ pool: ThreadPool
  ) {
    var work = unsafe kernels_convolution()
    unsafe work.window = kernels_window(rowsAt: left, rows: rows, depth: depth)
    unsafe work.panels = panels
    unsafe work.filters = columns
    unsafe work.output = product
    unsafe work.output_stride = columns
    unsafe work.epilogue.accumulates = accumulating
    unsafe Kernels.convolve(work, rows: rows, variant: variant, pool: pool)
  }

  /// Pixels whose windows are packed at a time, in equal parts.
  private func slice(_ pixels: Int, width: Int) -> Int {
    let most = max(64, Self.sliceByteCount / (width * 4))
    let parts = max(1, (pixels + most - 1) / most)
    return max(1, (pixels + parts - 1) / parts)
  }
}

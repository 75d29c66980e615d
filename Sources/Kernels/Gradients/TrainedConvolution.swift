import CKernels
package import Tensors

/// A convolution whose kernel is learnt: what comes out of it, and how gradients go back through it.
///
/// All three are matrix products by the kernels that run networks: over the image itself where it can be read in place, else over
/// what windows see of it, a slice of the batch at a time. Slices follow from shapes, so that any number of threads
/// comes to the same bits. Kernels are `[height, width, channels, filters]`.
package struct TrainedConvolution: Sendable {
  package let window: Window
  package let filters: Int
  private let variant: KernelVariant

  package init(window: Window, filters: Int, variant: KernelVariant = .preferred) {
    (self.window, self.filters, self.variant) = (window, filters, variant)
  }

  private var channels: Int { window.input.channels }
  /// Columns of what windows see, as a matrix.
  private var columns: Int { window.area * channels }
  private var outputPixels: Int { window.outputHeight * window.outputWidth }
  private var isPointwise: Bool { window == Window(pointwise: window.input) }

  /// Bytes of a matrix of what windows see that are there at a time, as far as one image allows.
  private static let sliceByteCount = 8 << 20

  /// `output = input * kernel + bias`, over `images` images; an empty bias is none.
  package func forward(
    _ input: Span<Float>, kernel: Span<Float>, bias: [Float], into output: inout MutableSpan<Float>,
    images: Int, pool: ThreadPool
  ) {
    precondition(input.count == images * window.input.elements && kernel.count == columns * filters)
    precondition(output.count == images * outputPixels * filters)
    let weights = PackedWeights(
      kernel, depth: columns, columns: filters, packing: Packing(pool: pool), variant: variant)
    let terms = ByteBuffer(bias + [Float](repeating: 0, count: variant.wholeVectors(filters) - filters))
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe convolve(
          from, window, weights, bias: bias.isEmpty ? nil : terms.floats, filters: filters, into: to,
          images: images, pool)
      }
    }
    withExtendedLifetime(terms) {}
  }

  @unsafe private func convolve(
    _ input: UnsafePointer<Float>, _ window: Window, _ weights: PackedWeights, bias: UnsafePointer<Float>?,
    filters: Int, into output: UnsafeMutablePointer<Float>, images: Int, _ pool: ThreadPool
  ) {
    let zeros = ByteBuffer([Float](repeating: 0, count: window.input.channels))
    let joined = window.joiningColumns(stride: window.input.channels) ?? window
    var work = unsafe kernels_convolution()
    unsafe work.window = joined.description(reading: input, stride: window.input.channels)
    unsafe work.zeros = zeros.floats
    unsafe work.panels = weights.pointer
    unsafe work.filters = filters
    unsafe work.output = output
    unsafe work.output_stride = filters
    unsafe work.epilogue.bias = bias
    let rows = images * window.outputHeight * window.outputWidth
    unsafe Kernels.convolve(work, rows: rows, variant: variant, pool: pool)
    withExtendedLifetime((zeros, weights)) {}
  }

  /// The gradient by the input.
  package func inputGradient(
    _ gradient: Span<Float>, kernel: Span<Float>, into result: inout MutableSpan<Float>, images: Int,
    pool: ThreadPool
  ) {
    precondition(gradient.count == images * outputPixels * filters && kernel.count == columns * filters)
    precondition(result.count == images * window.input.elements)
    unsafe gradient.withUnsafeBufferPointer { slopes in
      unsafe kernel.withUnsafeBufferPointer { weights in
        unsafe result.withUnsafeMutableBufferPointer { target in
          guard let from = slopes.baseAddress, let by = weights.baseAddress, let to = target.baseAddress
          else { return }
          if window.rowStride == 1, window.columnStride == 1 {
            unsafe convolveBack(from, by, into: to, images: images, pool)
          } else {
            unsafe scatterBack(from, by, into: to, images: images, pool)
          }
        }
      }
    }
  }

  /// Windows that move by one pixel: the gradient is convolved with the mirrored kernel.
  @unsafe private func convolveBack(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, images: Int, _ pool: ThreadPool
  ) {
    let mirrored = ByteBuffer(counted: columns * filters * 4)
    let target = unsafe mirrored.floats(count: columns * filters)
    for tap in 0..<window.area {
      unsafe transpose(
        kernel + tap * channels * filters, rows: channels, columns: filters,
        into: target + (window.area - 1 - tap) * channels * filters, pool: pool, variant: variant)
    }
    let weights = unsafe PackedWeights(
      UnsafeBufferPointer(start: target, count: columns * filters).span, depth: window.area * filters,
      columns: channels, packing: Packing(pool: pool), variant: variant)
    unsafe convolve(
      gradient, window.mirrored(filters: filters), weights, bias: nil, filters: channels, into: result,
      images: images, pool)
    withExtendedLifetime(mirrored) {}
  }

  /// Other windows: every output pixel's share goes to the pixels that its window saw.
  @unsafe private func scatterBack(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, images: Int, _ pool: ThreadPool
  ) {
    let weights = unsafe PackedWeights(
      UnsafeBufferPointer(start: kernel, count: columns * filters).span, depth: filters, columns: columns,
      orientation: .transposed, packing: Packing(pool: pool), variant: variant)
    let together = min(images, max(1, Self.sliceByteCount / (outputPixels * columns * 4)))
    let matrix = ByteBuffer(counted: together * outputPixels * columns * 4)
    let pixels = ImageSize(height: 1, width: outputPixels, channels: filters)
    let table = unsafe variant.gradients
    for start in stride(from: 0, to: images, by: together) {
      let count = min(together, images - start)
      let shares = unsafe matrix.floats(count: count * outputPixels * columns)
      unsafe convolve(
        gradient + start * outputPixels * filters, Window(pointwise: pixels), weights, bias: nil,
        filters: columns, into: shares, images: count, pool)
      let images = unsafe result + start * window.input.elements
      let work = unsafe kernels_window_columns(
        window: window.description(reading: images, stride: channels), zeros: nil, first: 0, depth: 0,
        columns: shares, output: images)
      pool.forEachBlock(count, unit: 1) { range in
        unsafe withUnsafePointer(to: work) {
          unsafe table.scatter_window($0, range.lowerBound, range.upperBound)
        }
      }
    }
    withExtendedLifetime((weights, matrix)) {}
  }
}

extension Window {
  /// The window that takes the gradient by this one's output, of so many filters, to that by its input; this one moves by one
  /// pixel.
  fileprivate func mirrored(filters: Int) -> Window {
    Window(
      input: output(channels: filters), outputHeight: input.height, outputWidth: input.width, height: height,
      width: width, rowStride: 1, columnStride: 1, rowDilation: rowDilation, columnDilation: columnDilation,
      top: spannedHeight - 1 - top, left: spannedWidth - 1 - left)
  }
}

extension TrainedConvolution {
  /// The gradient by the kernel: the sum over all output pixels of what their windows saw times the gradient there.
  package func kernelGradient(
    _ input: Span<Float>, _ gradient: Span<Float>, into result: inout MutableSpan<Float>, images: Int,
    pool: ThreadPool
  ) {
    precondition(input.count == images * window.input.elements && result.count == columns * filters)
    precondition(gradient.count == images * outputPixels * filters)
    unsafe input.withUnsafeBufferPointer { source in
      unsafe gradient.withUnsafeBufferPointer { slopes in
        unsafe result.withUnsafeMutableBufferPointer { target in
          guard let image = source.baseAddress, let slope = slopes.baseAddress, let to = target.baseAddress
          else { return }
          if isPointwise, channels <= filters {
            unsafe multiply(image, channels, slope, filters, into: to, pixels: images * outputPixels, pool)
          } else {
            unsafe multiplyWindows(image, slope, into: to, pixels: images * outputPixels, pool)
          }
        }
      }
    }
  }

  /// `transpose(left) x right` over all pixels.
  @unsafe private func multiply(
    _ left: UnsafePointer<Float>, _ rows: Int, _ right: UnsafePointer<Float>, _ columns: Int,
    into product: UnsafeMutablePointer<Float>, pixels: Int, _ pool: ThreadPool
  ) {
    let together = slice(pixels, width: columns)
    let packing = Packing(
      pool: pool,
      memory: ByteBuffer(
        counted: PackedWeights.byteCount(depth: together, columns: columns, variant: variant)))
    let transposed = ByteBuffer(counted: rows * together * 4)
    for start in stride(from: 0, to: pixels, by: together) {
      let count = min(together, pixels - start)
      let turned = unsafe transposed.floats(count: rows * count)
      unsafe transpose(
        left + start * rows, rows: count, columns: rows, into: turned, pool: pool, variant: variant)
      let panels = unsafe PackedWeights(
        UnsafeBufferPointer(start: right + start * columns, count: count * columns).span, depth: count,
        columns: columns, packing: packing, variant: variant)
      unsafe multiply(
        turned, rows, panels.pointer, columns, depth: count, into: product, accumulating: start > 0, pool)
      withExtendedLifetime(panels) {}
    }
    withExtendedLifetime(transposed) {}
  }

  /// `transpose(transpose(gradient) x windows)`: windows are packed as they are read, and what is transposed is small.
  @unsafe private func multiplyWindows(
    _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, pixels: Int, _ pool: ThreadPool
  ) {
    let together = slice(pixels, width: columns)
    let panels = ByteBuffer(
      counted: PackedWeights.byteCount(depth: together, columns: columns, variant: variant))
    let (transposed, product) = (
      ByteBuffer(counted: filters * together * 4), ByteBuffer(counted: filters * columns * 4)
    )
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

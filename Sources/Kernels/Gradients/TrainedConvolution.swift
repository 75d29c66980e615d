import CKernels
package import Tensors

/// A convolution whose kernel is learnt: what comes out of it, and how gradients go back through it.
///
/// All three are matrix products by the kernels that run networks: by Winograd's minimal filtering where that saves most of them,
/// else over the image itself where it can be read in place, or over what windows see of it, a slice of the batch at a time.
/// Slices follow from shapes, so that any number of threads comes to the same bits. Kernels are
/// `[height, width, channels, filters]`.
package struct TrainedConvolution: Sendable {
  package let window: Window
  package let filters: Int
  let variant: KernelVariant
  /// How products are saved, in all three; nil where none are.
  let form: WinogradForm?

  /// - Parameter isExact: whether to do without minimal filtering, for about one more decimal digit.
  package init(
    window: Window, filters: Int, variant: KernelVariant = .preferred, isExact: Bool = false
  ) {
    (self.window, self.filters, self.variant) = (window, filters, variant)
    form = isExact ? nil : Self.form(window, filters: filters)
  }

  var channels: Int { window.input.channels }
  /// Columns of what windows see, as a matrix.
  var columns: Int { window.area * channels }
  var outputPixels: Int { window.outputHeight * window.outputWidth }
  var isPointwise: Bool { window == Window(pointwise: window.input) }

  /// Bytes of a matrix of what windows see that are there at a time, as far as one image allows.
  static let sliceByteCount = 8 << 20

  /// `output = input * kernel + bias`, over the crew's images; an empty bias is none.
  package func forward(
    _ input: Span<Float>, kernel: Span<Float>, bias: [Float], into output: inout MutableSpan<Float>,
    _ crew: TrainingCrew
  ) {
    precondition(input.count == crew.images * window.input.elements && kernel.count == columns * filters)
    precondition(output.count == crew.images * outputPixels * filters)
    let terms = ByteBuffer(bias + [Float](repeating: 0, count: variant.wholeVectors(filters) - filters))
    unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe convolve(
          from, window, kernel, bias: bias.isEmpty ? nil : terms.floats, filters: filters, into: to, crew)
      }
    }
    withExtendedLifetime(terms) {}
  }

  /// A window over the image by a dense kernel: this one, or the mirrored one.
  @unsafe private func convolve(
    _ input: UnsafePointer<Float>, _ window: Window, _ kernel: Span<Float>, bias: UnsafePointer<Float>?,
    filters: Int, into output: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    if let form {
      unsafe convolveTiles(form, input, window, kernel, bias: bias, filters: filters, into: output, crew)
      return
    }
    let depth = window.area * window.input.channels
    let size = PackedWeights.byteCount(depth: depth, columns: filters, variant: variant)
    let weights = PackedWeights(
      kernel, depth: depth, columns: filters,
      packing: crew.memory.packing(.weights, byteCount: size, pool: crew.pool), variant: variant)
    unsafe convolve(input, window, weights, bias: bias, filters: filters, into: output, crew)
  }

  @unsafe private func convolve(
    _ input: UnsafePointer<Float>, _ window: Window, _ weights: PackedWeights, bias: UnsafePointer<Float>?,
    filters: Int, into output: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    let joined = window.joiningColumns(stride: window.input.channels) ?? window
    // Rows of zeros are as wide as the columns that were joined.
    let zeros = ByteBuffer([Float](repeating: 0, count: joined.input.channels))
    var work = unsafe kernels_convolution()
    unsafe work.window = joined.description(reading: input, stride: window.input.channels)
    unsafe work.zeros = zeros.floats
    unsafe work.panels = weights.pointer
    unsafe work.filters = filters
    unsafe work.output = output
    unsafe work.output_stride = filters
    unsafe work.epilogue.bias = bias
    let rows = crew.images * window.outputHeight * window.outputWidth
    unsafe Kernels.convolve(work, rows: rows, variant: variant, pool: crew.pool)
    withExtendedLifetime((zeros, weights)) {}
  }

  /// The gradient by the input.
  package func inputGradient(
    _ gradient: Span<Float>, kernel: Span<Float>, into result: inout MutableSpan<Float>,
    _ crew: TrainingCrew
  ) {
    precondition(gradient.count == crew.images * outputPixels * filters && kernel.count == columns * filters)
    precondition(result.count == crew.images * window.input.elements)
    unsafe gradient.withUnsafeBufferPointer { slopes in
      unsafe kernel.withUnsafeBufferPointer { weights in
        unsafe result.withUnsafeMutableBufferPointer { target in
          guard let from = slopes.baseAddress, let by = weights.baseAddress, let to = target.baseAddress
          else { return }
          if window.rowStride == 1, window.columnStride == 1 {
            unsafe convolveBack(from, by, into: to, crew)
          } else {
            unsafe scatterBack(from, by, into: to, crew)
          }
        }
      }
    }
  }

  /// Windows that move by one pixel: the gradient is convolved with the mirrored kernel.
  @unsafe private func convolveBack(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    let mirrored = crew.memory.room(.mirroredKernel, byteCount: columns * filters * 4)
    let target = unsafe mirrored.floats(count: columns * filters)
    for tap in 0..<window.area {
      unsafe transpose(
        kernel + tap * channels * filters, rows: channels, columns: filters,
        into: target + (window.area - 1 - tap) * channels * filters, pool: crew.pool, variant: variant)
    }
    unsafe convolve(
      gradient, window.mirrored(filters: filters),
      UnsafeBufferPointer(start: target, count: columns * filters).span, bias: nil, filters: channels,
      into: result, crew)
    withExtendedLifetime(mirrored) {}
  }

  /// Other windows: every output pixel's share goes to the pixels that its window saw.
  @unsafe private func scatterBack(
    _ gradient: UnsafePointer<Float>, _ kernel: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    let size = PackedWeights.byteCount(depth: filters, columns: columns, variant: variant)
    let weights = unsafe PackedWeights(
      UnsafeBufferPointer(start: kernel, count: columns * filters).span, depth: filters, columns: columns,
      orientation: .transposed, packing: crew.memory.packing(.weights, byteCount: size, pool: crew.pool),
      variant: variant)
    let together = min(crew.images, max(1, Self.sliceByteCount / (outputPixels * columns * 4)))
    let matrix = crew.memory.room(.columns, byteCount: together * outputPixels * columns * 4)
    let pixels = ImageSize(height: 1, width: outputPixels, channels: filters)
    let table = unsafe variant.gradients
    for start in stride(from: 0, to: crew.images, by: together) {
      let count = min(together, crew.images - start)
      let shares = unsafe matrix.floats(count: count * outputPixels * columns)
      var part = crew
      part.images = count
      unsafe convolve(
        gradient + start * outputPixels * filters, Window(pointwise: pixels), weights, bias: nil,
        filters: columns, into: shares, part)
      let images = unsafe result + start * window.input.elements
      let work = unsafe kernels_window_columns(
        window: window.description(reading: images, stride: channels), zeros: nil, first: 0, depth: 0,
        columns: shares, output: images)
      crew.pool.forEachBlock(count, unit: 1) { range in
        unsafe withUnsafePointer(to: work) {
          unsafe table.scatter_window($0, range.lowerBound, range.upperBound)
        }
      }
    }
    withExtendedLifetime(matrix) {}
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

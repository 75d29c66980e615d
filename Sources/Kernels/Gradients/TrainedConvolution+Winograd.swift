import CKernels
import Tensors

/// By Winograd's minimal filtering: forward as networks run, backward with the mirrored kernel, and for the gradient by the
/// kernel the adjoint of that, a transformation at a time.
extension TrainedConvolution {
  /// Small tiles alone: larger ones cost a digit, which gradients of many layers add up.
  private static let mostPoints = 36
  /// What must be left of the products at most for transforming tiles to pay.
  private static let worthwhileProducts = 0.6
  /// Below so many channels or filters transforming tiles costs more than it saves.
  private static let fewChannels = 16

  static func form(_ window: Window, filters: Int) -> WinogradForm? {
    guard window.rowStride == 1, window.columnStride == 1, !window.isDilated else { return nil }
    guard window.area > 1, min(window.input.channels, filters) >= fewChannels else { return nil }
    return WinogradForm.all.first {
      $0.height == window.height && $0.width == window.width && $0.points <= mostPoints
        && $0.remainingProducts(of: window) <= worthwhileProducts
    }
  }

  @unsafe func convolveTiles(
    _ form: WinogradForm, _ input: UnsafePointer<Float>, _ window: Window, _ kernel: Span<Float>,
    bias: UnsafePointer<Float>?, filters: Int, into output: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    let channels = window.input.channels
    let transformation = KernelTransformation.preferred(form, channels: channels, filters: filters)
    let size = WinogradWeights.byteCount(
      form, transformed: transformation, channels: channels, filters: filters, variant: variant)
    let weights = WinogradWeights(
      form, kernel, transformed: transformation, channels: channels, filters: filters,
      packing: crew.memory.packing(.weights, byteCount: size, pool: crew.pool), variant: variant)
    let zeros = ByteBuffer([Float](repeating: 0, count: channels))
    var work = unsafe kernels_convolution()
    unsafe work.window = window.description(reading: input, stride: channels)
    unsafe work.zeros = zeros.floats
    unsafe work.panels = weights.pointer
    unsafe work.filters = filters
    unsafe work.output = output
    unsafe work.output_stride = filters
    unsafe work.epilogue.bias = bias
    let each = WinogradStep.scratch(form, channels: channels, variant: variant)
    let scratch = crew.memory.room(.scratch, byteCount: each * crew.pool.threadCount)
    unsafe weights.convolve(work, tiles: crew.images * form.tiles(of: window), pool: crew.pool) { thread in
      unsafe scratch.floats(at: thread * each, count: each / 4)
    }
    withExtendedLifetime((zeros, weights)) {}
  }

  /// Tiles that are multiplied at a time: as deep as products stay in cache.
  private static func tilesTogether(_ form: WinogradForm) -> Int { form.points > 1 ? 256 : 512 }

  /// The gradient by the kernel.
  @unsafe func multiplyTiles(
    _ form: WinogradForm, _ input: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, _ crew: TrainingCrew
  ) {
    let zeros = ByteBuffer([Float](repeating: 0, count: channels))
    let tiles = crew.images * form.tiles(of: window)
    let slices = max(1, (tiles + Self.tilesTogether(form) - 1) / Self.tilesTogether(form))
    let together = (tiles + slices - 1) / slices
    let slopes = crew.memory.room(
      .slopes, byteCount: form.points * together * variant.wholeVectors(filters) * 4)
    var work = unsafe kernels_kernel_gradient()
    unsafe work.window = window.description(reading: input, stride: channels)
    unsafe work.zeros = zeros.floats
    unsafe work.gradient = gradient
    unsafe work.filters = filters
    unsafe work.slopes = slopes.floats(count: slopes.byteCount / 4)
    unsafe work.sums = slices == 1 ? nil : sums(form, crew)
    unsafe work.output = result
    for slice in 0..<slices {
      unsafe work.first_tile = tiles * slice / slices
      unsafe work.tiles = tiles * (slice + 1) / slices - work.first_tile
      unsafe (work.begins, work.ends) = (slice == 0, slice == slices - 1)
      unsafe multiplySlice(form, work, crew)
    }
    withExtendedLifetime((zeros, slopes)) {}
  }

  /// Room for the sums over slices.
  @unsafe private func sums(_ form: WinogradForm, _ crew: TrainingCrew) -> UnsafeMutablePointer<Float> {
    let panels = (filters + variant.panelColumns - 1) / variant.panelColumns
    let each = form.points * Int(KERNELS_GRADIENT_CHANNELS) * variant.panelColumns
    let room = crew.memory.room(.sums, byteCount: channelBlocks * panels * each * 4)
    return unsafe room.floats(count: channelBlocks * panels * each)
  }

  private var channelBlocks: Int {
    (channels + Int(KERNELS_GRADIENT_CHANNELS) - 1) / Int(KERNELS_GRADIENT_CHANNELS)
  }

  @unsafe private func multiplySlice(
    _ form: WinogradForm, _ work: kernels_kernel_gradient, _ crew: TrainingCrew
  ) {
    let functions = unsafe form.functions(variant)
    crew.pool.forEachBlock(filters, unit: variant.panelColumns) { range in
      unsafe withUnsafePointer(to: work) {
        unsafe functions.slopes($0, range.lowerBound, range.upperBound)
      }
    }
    let each = unsafe functions.gradient_scratch(work.tiles)
    let scratch = crew.memory.room(.scratch, byteCount: each * 4 * crew.pool.threadCount)
    let partition = Partition(
      rows: channelBlocks, block: 1, columns: filters, panel: variant.panelColumns,
      threads: crew.pool.threadCount)
    crew.pool.forEach(partition.taskCount) { task, thread in
      let (rows, columns) = (partition.rows(of: task), partition.columns(of: task))
      unsafe withUnsafePointer(to: work) { work in
        for block in rows {
          unsafe functions.gradient(
            work, scratch.floats(at: thread * each * 4, count: each), block * Int(KERNELS_GRADIENT_CHANNELS),
            columns.lowerBound, columns.upperBound)
        }
      }
    }
  }
}

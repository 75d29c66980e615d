import Kernels
import Tensors

/// Which way a layer is computed: decided here and nowhere else, from shapes alone, so that a plan is the same
/// on every run and for every number of threads.
enum AlgorithmChoice {
  /// Below so many channels a pixel is too short to be read on its own.
  private static let fewChannels = 16

  /// Whether zeros are written around a convolution's input, so that rows of its window can be read in one
  /// piece. Otherwise the window reaches over the edges without a copy.
  static func materializesPadding(of window: Window) -> Bool {
    window.input.channels < fewChannels && window.width > 1 && !window.isDilated && window.crossesSides
  }

  /// The form that computes a layer over 2 x 2 blocks of its pixels, where pixels are short and windows, which move by
  /// two of them, large; nil where that does not pay.
  static func formOverBlocks(_ window: Window) -> WinogradForm? {
    guard window.input.channels < fewChannels, window.rowStride == 2, window.columnStride == 2,
      !window.isDilated
    else {
      return nil
    }
    let blocks = window.overBlocks
    return WinogradForm.all.first {
      $0.height == blocks.height && $0.width == blocks.width && $0.tiles(of: blocks) >= fewTiles
        && $0.remainingProducts(of: blocks, for: window) <= worthwhileProducts
    }
  }

  /// How the products of a convolution, or of the pointwise half of a separable one, are computed.
  enum Convolution: Hashable {
    /// One by one, as the definition says.
    case direct
    /// Fewer of them, over tiles of outputs.
    case winograd(WinogradForm)
    /// Seven eighths of them, over halves of a matrix.
    case strassen
  }

  static func convolution(_ window: Window, filters: Int) -> Convolution {
    if window.area == 1 {
      return window.top == 0 && window.left == 0 ? pointwise(window, filters: filters) : .direct
    }
    guard window.rowStride == 1, window.columnStride == 1, !window.isDilated else { return .direct }
    guard window.input.channels >= fewForTiles, filters >= fewForTiles else { return .direct }
    let form = WinogradForm.all.first {
      $0.height == window.height && $0.width == window.width && $0.tiles(of: window) >= fewTiles
        && $0.remainingProducts(of: window) <= worthwhileProducts
        && ($0.points <= fewPoints || $0.points * window.input.channels * filters <= mediumKernels)
    }
    return form.map { .winograd($0) } ?? .direct
  }

  /// Below so many channels or filters transforming tiles costs more than it saves.
  private static let fewForTiles = 16
  /// Below so many tiles an image, reading several times the weights costs more than it saves.
  private static let fewTiles = 9
  /// Tiles of more points take kernels transformed to many times their size, which pays as long as caches hold them.
  private static let fewPoints = 36
  private static let mediumKernels = 5 << 18

  /// What must be left of the products at most for transforming tiles to pay.
  private static let worthwhileProducts = 0.6

  /// How the matrix product of a layer's output pixels is computed: halves pay where every sum is long, or where there
  /// are many sums, and where there are pixels enough for the seven fourths of the weights that have to be read.
  static func pointwise(_ window: Window, filters: Int) -> Convolution {
    let (channels, pixels) = (window.input.channels, window.outputHeight * window.outputWidth)
    guard channels % 2 == 0, pixels >= fewPixels else { return .direct }
    if pixels < mediumPixels, channels * filters < largeMatrix { return .direct }
    let pays = (channels >= 512 && filters >= 128) || (channels >= 256 && filters >= 512)
    return pays ? .strassen : .direct
  }

  private static let fewPixels = 49
  /// Pixels below which matrices must be large for halves to pay.
  private static let mediumPixels = 64
  private static let largeMatrix = 1 << 19

  /// Whether weights that take so many bytes are packed when they are used, where that is done at all: the threads wait
  /// for each other more often.
  static func packsLate(byteCount: Int) -> Bool { byteCount > fewBytes }

  private static let fewBytes = 1 << 18

  /// Memory for activations beyond which a batch is worked on in slices: about what stays in cache.
  private static let sliceBytes = 16 << 20
  private static let largestSlice = 16

  /// How many images of a batch are worked on at a time.
  static func sliceImages(bytesPerImage: Int) -> Int {
    min(largestSlice, max(1, sliceBytes / max(1, bytesPerImage)))
  }
}

import Kernels

/// Which way a layer is computed: decided here and nowhere else, from shapes alone, so that a plan is the same
/// on every run and for every number of threads.
enum AlgorithmChoice {
  /// Below so many channels a pixel is too short to be read on its own.
  private static let fewChannels = 16

  /// Whether zeros are written around a convolution's input, so that rows of its window can be read in one
  /// piece. Otherwise the window reaches over the edges without a copy.
  static func materializesPadding(of window: Window) -> Bool {
    window.input.channels < fewChannels && window.width > 1 && window.crossesSides
  }

  /// How a convolution's products are computed.
  enum Convolution {
    /// One by one, as the definition says.
    case direct
    /// A quarter of them, over tiles of 4 x 4 outputs.
    case winograd
  }

  /// Below so many channels or filters transforming tiles costs more than it saves.
  private static let fewForTiles = 16
  /// Below so many tiles an image, reading four times the weights costs more than it saves.
  private static let fewTiles = 9

  static func convolution(_ window: Window, filters: Int) -> Convolution {
    let isThreeByThree = window.height == 3 && window.width == 3
    guard isThreeByThree, window.rowStride == 1, window.columnStride == 1 else { return .direct }
    guard window.input.channels >= fewForTiles, filters >= fewForTiles else { return .direct }
    let tile = WinogradStep.tile
    let tiles = ((window.outputHeight + tile - 1) / tile) * ((window.outputWidth + tile - 1) / tile)
    return tiles >= fewTiles ? .winograd : .direct
  }

  /// Memory for activations beyond which a batch is worked on in slices: about what stays in cache.
  private static let sliceFloats = 4 << 20
  private static let largestSlice = 16

  /// How many images of a batch are worked on at a time.
  static func sliceImages(floatsPerImage: Int) -> Int {
    min(largestSlice, max(1, sliceFloats / max(1, floatsPerImage)))
  }
}

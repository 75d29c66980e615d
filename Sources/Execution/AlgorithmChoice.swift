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

  /// Memory for activations beyond which a batch is worked on in slices: about what stays in cache.
  private static let sliceFloats = 4 << 20
  private static let largestSlice = 16

  /// How many images of a batch are worked on at a time.
  static func sliceImages(floatsPerImage: Int) -> Int {
    min(largestSlice, max(1, sliceFloats / max(1, floatsPerImage)))
  }
}

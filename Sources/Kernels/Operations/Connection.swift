import CKernels
import Tensors

/// Where a convolution reads and writes, whichever way it is computed.
struct Connection: Sendable {
  let window: Window
  let epilogue: Epilogue
  let input: Place
  let output: Place
  private let zeros: ByteBuffer

  init(window: Window, epilogue: Epilogue, from input: Place, to output: Place) {
    self.window = window
    self.epilogue = epilogue
    self.input = input
    self.output = output
    zeros = ByteBuffer([Float](repeating: 0, count: window.input.channels))
  }

  /// The work on the first `images` images of a workspace with weights that were packed for it.
  @unsafe func description(
    _ panels: UnsafePointer<Float>, filters: Int, images: Int, in workspace: Workspace
  ) -> kernels_convolution {
    let result = window.output(channels: filters)
    var work = unsafe kernels_convolution()
    unsafe work.window = window.description(
      reading: workspace.pointer(input, dense, images: images), stride: input.stride)
    unsafe work.zeros = zeros.floats
    unsafe work.panels = panels
    unsafe work.filters = filters
    unsafe work.output = workspace.pointer(output, result, images: images)
    unsafe work.output_stride = output.stride
    unsafe work.epilogue = epilogue.description(result, images: images, in: workspace)
    return unsafe work
  }

  /// The input's extents, for bounds: joined columns count a pixel's channels more than once.
  private var dense: ImageSize {
    ImageSize(
      height: window.input.height, width: window.input.width,
      channels: min(window.input.channels, input.stride))
  }
}

import CKernels
package import Tensors

/// A way to compute windows of certain extents, moving by one pixel, from fewer products than their definition has:
/// Winograd's F(`outputHeight` x `outputWidth`, `height` x `width`).
package struct WinogradForm: Hashable, Sendable {
  /// Output pixels in a tile.
  package let outputHeight: Int
  package let outputWidth: Int
  /// The window's extents.
  package let height: Int
  package let width: Int
  private let index: Int

  private init(_ index: Int) {
    let form = unsafe KernelVariant.baseline.table.winograd[index]
    outputHeight = form.output_height
    outputWidth = form.output_width
    height = form.height
    width = form.width
    self.index = index
  }

  /// All that save products; for a window's extents the one with the largest tiles first.
  package static let all = (0..<Int(KERNELS_WINOGRAD_FORMS) - 1).map(WinogradForm.init)

  /// The form of single pixels, which saves nothing: the matrix product itself.
  package static let pixels = WinogradForm(Int(KERNELS_WINOGRAD_FORMS) - 1)

  /// Products a tile takes for each channel and filter.
  package var points: Int { (outputHeight + height - 1) * (outputWidth + width - 1) }

  /// Tiles an image takes.
  package func tiles(of window: Window) -> Int {
    Self.tiles(window.outputHeight, outputHeight) * Self.tiles(window.outputWidth, outputWidth)
  }

  /// The products that are left of those a window, or the one it stands for, is defined by, as a fraction.
  package func remainingProducts(of window: Window, for defined: Window? = nil) -> Double {
    let products =
      Self.products(window.outputHeight, outputHeight, height)
      * Self.products(window.outputWidth, outputWidth, width)
    let (defined, pixels) = (defined ?? window, window.outputHeight * window.outputWidth)
    return Double(products * window.input.channels) / Double(defined.area * pixels * defined.input.channels)
  }

  /// Tiles of `outputs` outputs along a side of `extent`.
  private static func tiles(_ extent: Int, _ outputs: Int) -> Int { (extent + outputs - 1) / outputs }

  /// Products along a side: as many tiles as cover it anyway are one output, and so one product, shorter.
  private static func products(_ extent: Int, _ outputs: Int, _ taps: Int) -> Int {
    let tiles = tiles(extent, outputs)
    let shorter = min(tiles, tiles * outputs - extent)
    return tiles * (outputs + taps - 1) - shorter
  }

  /// The kernels of a variant.
  @unsafe func functions(_ variant: KernelVariant) -> kernels_winograd {
    unsafe variant.table.winograd[index]
  }
}

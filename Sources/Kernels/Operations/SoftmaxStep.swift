import CKernels

/// `e^x / sum(e^x)` over the channels of each pixel; the output may lie where the input does.
package struct SoftmaxStep: KernelStep {
  private let size: ImageSize
  private let variant: KernelVariant
  private let input: Place
  private let output: Place

  package init(
    size: ImageSize, variant: KernelVariant = .preferred, from input: Place, to output: Place
  ) {
    self.size = size
    self.variant = variant
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let source = unsafe StridedPixels(workspace.pointer(input, size, images: images), stride: input.stride)
    let target = unsafe StridedPixels(workspace.pointer(output, size, images: images), stride: output.stride)
    let (table, channels) = unsafe (variant.table, size.channels)
    workspace.pool.forEachRange(images * size.pixels, unit: max(1, 4096 / max(1, channels))) { range, _ in
      let (x, result) = unsafe (source.pixel(range.lowerBound), target.pixel(range.lowerBound))
      unsafe table.softmax(x.base, x.stride, result.base, result.stride, range.count, channels)
    }
  }
}

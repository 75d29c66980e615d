package import Tensors

/// Writes the same numbers for every image.
package struct ConstantStep: KernelStep {
  private let values: ByteBuffer
  private let size: ImageSize
  private let output: Place

  /// - Precondition: there is a value for each element of `size`.
  package init(_ values: [Float], size: ImageSize, to output: Place) {
    precondition(values.count == size.elements, "ConstantStep: \(values.count) values for \(size)")
    self.values = ByteBuffer(values)
    self.size = size
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let target = unsafe StridedPixels(workspace.pointer(output, size, images: images), stride: output.stride)
    for pixel in 0..<images * size.pixels {
      let source = unsafe values.floats + pixel % size.pixels * size.channels
      unsafe target.pixel(pixel).base.update(from: source, count: size.channels)
    }
  }
}

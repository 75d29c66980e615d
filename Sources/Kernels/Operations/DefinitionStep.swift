/// Work that Swift does element by element as a definition says: right for anything, fast for nothing.
package struct DefinitionStep: KernelStep {
  /// Computes `rows` of one image's output from the same image of every input.
  package typealias Definition = @Sendable (_ rows: Range<Int>, PixelWriter, [PixelReader]) -> Void

  private let inputs: [(place: Place, size: ImageSize)]
  private let output: Place
  private let size: ImageSize
  private let needsWholeImage: Bool
  private let compute: Definition

  /// - Parameters:
  ///   - inputs: where the inputs lie, and their extents.
  ///   - size: the output's extents.
  ///   - needsWholeImage: whether all rows of an image are one task.
  package init(
    inputs: [(place: Place, size: ImageSize)], to output: Place, size: ImageSize,
    needsWholeImage: Bool = false,
    _ compute: @escaping Definition
  ) {
    self.inputs = inputs
    self.output = output
    self.size = size
    self.needsWholeImage = needsWholeImage
    self.compute = compute
  }

  package func run(images: Int, in workspace: Workspace) {
    let readers = inputs.map { input in
      unsafe PixelReader(
        workspace.pointer(input.place, input.size, images: images), size: input.size,
        stride: input.place.stride)
    }
    let writer = unsafe PixelWriter(
      workspace.pointer(output, size, images: images), size: size, stride: output.stride)
    let (compute, height) = (compute, size.height)
    let rows = needsWholeImage ? height : max(1, 4096 / max(1, size.width * size.channels))
    workspace.pool.forEachRange((images * height + rows - 1) / rows, unit: 1) { tasks, _ in
      for task in tasks {
        var row = task * rows
        let end = min(row + rows, images * height)
        while row < end {
          let image = row / height
          let last = min(end, (image + 1) * height)
          compute(
            row - image * height..<last - image * height, writer.image(image), readers.map { $0.image(image) }
          )
          row = last
        }
      }
    }
  }
}

/// One image of an activation, to be read.
///
/// Safe because every index is checked, and because a step's inputs do not change while it runs.
@safe package struct PixelReader: @unchecked Sendable {
  package let size: ImageSize
  private let base: UnsafePointer<Float>
  private let stride: Int

  @unsafe init(_ base: UnsafePointer<Float>, size: ImageSize, stride: Int) {
    unsafe self.base = base
    self.size = size
    self.stride = stride
  }

  func image(_ image: Int) -> PixelReader {
    unsafe PixelReader(base + image * size.pixels * stride, size: size, stride: stride)
  }

  /// One element of a pixel; pixels are counted row by row.
  package subscript(pixel: Int, channel: Int) -> Float {
    precondition(
      pixel >= 0 && pixel < size.pixels && channel >= 0 && channel < size.channels, "PixelReader: outside")
    return unsafe base[pixel * stride + channel]
  }

  /// One element.
  package subscript(y: Int, x: Int, channel: Int) -> Float {
    precondition(x >= 0 && x < size.width, "PixelReader: outside")
    return self[y * size.width + x, channel]
  }
}

/// One image of an activation, to be written.
///
/// Safe because every index is checked, and because tasks write rows of their own.
@safe package struct PixelWriter: @unchecked Sendable {
  package let size: ImageSize
  private let base: UnsafeMutablePointer<Float>
  private let stride: Int

  @unsafe init(_ base: UnsafeMutablePointer<Float>, size: ImageSize, stride: Int) {
    unsafe self.base = base
    self.size = size
    self.stride = stride
  }

  func image(_ image: Int) -> PixelWriter {
    unsafe PixelWriter(base + image * size.pixels * stride, size: size, stride: stride)
  }

  /// One element of a pixel; pixels are counted row by row.
  package subscript(pixel: Int, channel: Int) -> Float {
    get { unsafe base[checked(pixel, channel)] }
    nonmutating set { unsafe base[checked(pixel, channel)] = newValue }
  }

  private func checked(_ pixel: Int, _ channel: Int) -> Int {
    precondition(
      pixel >= 0 && pixel < size.pixels && channel >= 0 && channel < size.channels, "PixelWriter: outside")
    return pixel * stride + channel
  }
}

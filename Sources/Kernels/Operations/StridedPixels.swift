import Tensors

/// Pixels in memory, `stride` floats apart.
@unsafe struct StridedPixels: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let stride: Int

  init(_ base: UnsafeMutablePointer<Float>, stride: Int) {
    unsafe self.base = unsafe base
    unsafe self.stride = stride
  }

  func pixel(_ index: Int) -> StridedPixels { unsafe StridedPixels(base + index * stride, stride: stride) }
}

extension Workspace {
  /// Calls `body` for ranges of the pixels of an activation, with where their input and their output lie: work that looks at
  /// one pixel at a time.
  @unsafe func forEachPixels(
    of size: ImageSize, images: Int, from input: Place, to output: Place, elementsPerTask: Int = 16_384,
    _ body: @escaping @Sendable (_ input: StridedPixels, _ output: StridedPixels, _ pixels: Int) -> Void
  ) {
    let source = unsafe StridedPixels(pointer(input, size, images: images), stride: input.stride)
    let target = unsafe StridedPixels(pointer(output, size, images: images), stride: output.stride)
    let unit = max(1, elementsPerTask / max(1, size.channels))
    pool.forEachRange(images * size.pixels, unit: unit) { range, _ in
      unsafe body(source.pixel(range.lowerBound), target.pixel(range.lowerBound), range.count)
    }
  }

  /// Calls `body` for each row of the outputs, with the first pixel of its image's input and its own first pixel: work that
  /// moves pixels about.
  @unsafe func forEachRow(
    of result: ImageSize, from size: ImageSize, images: Int, at input: Place, to output: Place,
    _ body: @escaping @Sendable (_ image: StridedPixels, _ line: StridedPixels, _ row: Int) -> Void
  ) {
    let source = unsafe StridedPixels(pointer(input, size, images: images), stride: input.stride)
    let target = unsafe StridedPixels(pointer(output, result, images: images), stride: output.stride)
    let rows = max(1, 16_384 / max(1, result.width * result.channels))
    pool.forEachRange(images * result.height, unit: rows) { range, _ in
      for line in range {
        let (image, row) = line.quotientAndRemainder(dividingBy: result.height)
        unsafe body(source.pixel(image * size.pixels), target.pixel(line * result.width), row)
      }
    }
  }
}

package import Tensors

/// Takes each element of the output from some place of the input: repeats, crops, spreads, and changes the order of axes.
package struct GatherStep: KernelStep {
  /// Where the elements of an output lie, as the sum of three distances from the start of an image, in elements. What is
  /// nil makes zeros.
  package struct Distances: Sendable {
    package var rows: [Int?]
    package var columns: [Int?]
    package var channels: [Int?]

    package init(rows: [Int?], columns: [Int?], channels: [Int?]) {
      self.rows = rows
      self.columns = columns
      self.channels = channels
    }
  }

  private let distances: Distances
  private let isContiguous: Bool
  private let size: ImageSize
  private let result: ImageSize
  private let input: Place
  private let output: Place

  /// - Parameter size: the input's extents.
  /// - Precondition: every distance lies in the input.
  package init(_ distances: Distances, size: ImageSize, from input: Place, to output: Place) {
    let last = [distances.rows, distances.columns, distances.channels].map {
      $0.compactMap(\.self).max() ?? 0
    }
    precondition(
      last.reduce(0, +) <= (size.pixels - 1) * input.stride + size.channels - 1,
      "GatherStep: \(last) leaves \(size)")
    self.distances = distances
    isContiguous = distances.channels == distances.channels.indices.map(Int?.some)
    self.size = size
    result = ImageSize(
      height: distances.rows.count, width: distances.columns.count, channels: distances.channels.count)
    self.input = input
    self.output = output
  }

  package func run(images: Int, in workspace: Workspace) {
    let step = self
    unsafe workspace.forEachRow(of: result, from: size, images: images, at: input, to: output) {
      image, line, row in
      unsafe step.fill(line, from: image.base, row: step.distances.rows[row])
    }
  }

  @unsafe private func fill(_ line: StridedPixels, from image: UnsafeMutablePointer<Float>, row: Int?) {
    for x in 0..<result.width {
      let pixel = unsafe line.pixel(x).base
      guard let row, let column = distances.columns[x] else {
        unsafe pixel.update(repeating: 0, count: result.channels)
        continue
      }
      let start = unsafe image + row + column
      if isContiguous {
        unsafe pixel.update(from: start, count: result.channels)
        continue
      }
      for channel in 0..<result.channels {
        unsafe pixel[channel] = distances.channels[channel].map { unsafe start[$0] } ?? 0
      }
    }
  }
}

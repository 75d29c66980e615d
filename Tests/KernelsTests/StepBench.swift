import Kernels
import Tensors

/// A workspace with three activations side by side, each possibly a slice of wider pixels.
struct StepBench {
  let images: Int
  let input: ImageSize
  let output: ImageSize
  /// Channels of foreign activations on both sides of each slice.
  var margin = 0
  var pool = ThreadPool(threads: 1)

  private var inputFloats: Int { input.pixels * (input.channels + 2 * margin) }
  private var outputFloats: Int { output.pixels * (output.channels + 2 * margin) }

  var inputPlace: Place { Place(offset: 0, channel: margin, stride: input.channels + 2 * margin) }
  var outputPlace: Place {
    Place(offset: 4 * inputFloats, channel: margin, stride: output.channels + 2 * margin)
  }
  /// A second input with the output's extents.
  var otherPlace: Place {
    Place(offset: 4 * (inputFloats + outputFloats), channel: margin, stride: output.channels + 2 * margin)
  }

  /// Runs a step with what its output holds before; `nil` when it wrote outside its slice.
  ///
  /// - Parameter factors: numbers that lie, one after the other, where the second input begins.
  func run(
    _ step: any KernelStep, on elements: [Float], other: [Float]? = nil, output earlier: [Float]? = nil,
    factors: [Float]? = nil, scratch: Int = 0
  ) -> [Float]? {
    guard
      let workspace = try? Workspace(
        capacity: images, bytesPerImage: 4 * (inputFloats + 2 * outputFloats), scratchPerThread: scratch,
        pool: pool)
    else { return nil }
    let sentinel = [Float](repeating: 77, count: workspace.memory.byteCount / 4)
    workspace.memory.write(sentinel.span, at: 0)
    write(elements, at: inputPlace, channels: input.channels, workspace)
    if let earlier { write(earlier, at: outputPlace, channels: output.channels, workspace) }
    if let other { write(other, at: otherPlace, channels: output.channels, workspace) }
    if let factors { workspace.memory.write(factors.span, at: otherPlace.offset * images) }
    let before = workspace.memory.read(count: workspace.memory.byteCount / 4)
    step.run(images: images, in: workspace)
    let after = workspace.memory.read(count: workspace.memory.byteCount / 4)
    var isOwn = [Bool](repeating: false, count: after.count)
    for pixel in 0..<images * output.pixels {
      let start = outputPlace.offset / 4 * images + margin + pixel * outputPlace.stride
      for index in start..<start + output.channels { isOwn[index] = true }
    }
    for index in after.indices
    where after[index].bitPattern != before[index].bitPattern && !isOwn[index] { return nil }
    return workspace.read(outputPlace, output, images: images)
  }

  private func write(_ elements: [Float], at place: Place, channels: Int, _ workspace: Workspace) {
    for pixel in 0..<elements.count / channels {
      let start = place.offset * images + 4 * (place.channel + pixel * place.stride)
      workspace.memory.write(elements.span.extracting(pixel * channels..<(pixel + 1) * channels), at: start)
    }
  }
}

extension Window {
  /// A window with padding on both sides, where TensorFlow's `same` would put it.
  static func same(
    _ input: ImageSize, _ height: Int, _ width: Int, stride: Int = 1, dilation: Int = 1
  ) -> Window {
    let rows = (input.height + stride - 1) / stride
    let columns = (input.width + stride - 1) / stride
    var window = Window(
      input: input, outputHeight: rows, outputWidth: columns, height: height, width: width, rowStride: stride,
      columnStride: stride, rowDilation: dilation, columnDilation: dilation, top: 0, left: 0)
    window.top = max(0, (rows - 1) * stride + window.spannedHeight - input.height) / 2
    window.left = max(0, (columns - 1) * stride + window.spannedWidth - input.width) / 2
    return window
  }

  static func valid(
    _ input: ImageSize, _ height: Int, _ width: Int, stride: Int = 1, dilation: Int = 1
  ) -> Window {
    Window(
      input: input, outputHeight: (input.height - (height - 1) * dilation - 1) / stride + 1,
      outputWidth: (input.width - (width - 1) * dilation - 1) / stride + 1, height: height, width: width,
      rowStride: stride, columnStride: stride, rowDilation: dilation, columnDilation: dilation, top: 0,
      left: 0)
  }
}

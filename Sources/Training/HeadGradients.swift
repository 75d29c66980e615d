import Kernels
import Tensors

/// Takes gradients as they come into being, a stretch of a parameter at a time.
protocol GradientConsumer {
  /// - Parameters:
  ///   - gradient: the loss's gradient by the elements `range` of parameter `index`.
  ///   - values: the parameter itself, which nothing of the pass needs any more.
  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float])
}

extension HeadProgram {
  /// Elements of a kernel's gradient that exist at a time. A whole gradient would be as large as the kernel,
  /// and out of every cache by the time the optimizer reads it.
  static let gradientBlock = 1 << 18

  /// Runs the steps backwards from the gradient in `workspace.gradients[last]`.
  ///
  /// - Parameters:
  ///   - last: the value the loss was computed from; the steps after it take no part.
  ///   - dropout: as in the forward pass.
  func backward(
    _ parameters: inout [[Float]], _ workspace: inout HeadWorkspace, from last: Int, dropout: UInt64?,
    into consumer: inout some GradientConsumer
  ) {
    for index in (firstTrainable..<last).reversed() {
      var target: [Float] = []
      swap(&target, &workspace.gradients[index])
      if index > firstTrainable { inputGradient(of: index, parameters, workspace, into: &target, dropout) }
      if case .dense(let kernel, let bias, let inputs, let units, let rows) = steps[index] {
        let size = Size(rows: rows * workspace.rows, inputs: inputs, units: units)
        let input = workspace.values[index]
        let output = workspace.gradients[index + 1]
        if let bias { Self.biasGradient(output.span, size, bias, &parameters[bias], &consumer) }
        Self.kernelGradient(
          input.span, output.span, size, kernel, &parameters[kernel], &consumer, workspace.pool)
      }
      swap(&target, &workspace.gradients[index])
    }
  }

  private struct Size {
    var rows: Int
    var inputs: Int
    var units: Int
  }

  func inputGradient(
    of index: Int, _ parameters: [[Float]], _ workspace: HeadWorkspace, into target: inout [Float],
    _ dropout: UInt64?
  ) {
    let input = workspace.values[index]
    let output = workspace.values[index + 1]
    let gradient = workspace.gradients[index + 1]
    var result = target.mutableSpan
    switch steps[index] {
    case .dense(let kernel, _, let inputs, let units, let rows):
      let kernel = parameters[kernel]
      Matrices.productTransposingKernel(
        gradient.span, kernel.span, into: &result, rows: workspace.rows * rows, inner: units,
        columns: inputs, pool: workspace.pool)
    case .activation(let function, let width):
      Rows.copy(gradient.span, into: &result)
      function.applyGradient(input: input.span, output: output.span, gradient: &result, width: width)
    case .dropout(let rate):
      Rows.copy(gradient.span, into: &result)
      if let dropout {
        Rows.dropOut(&result, rate: rate, SplitMix64(seed: Seeds.derive(dropout, "dropout", index)))
      }
    case .averagePooling(let positions, let channels):
      Pools.averageGradient(gradient.span, into: &result, positions: positions, channels: channels)
    case .maxPooling(let positions, let channels):
      Pools.maximumGradient(
        values: input.span, maxima: output.span, gradient: gradient.span, into: &result, positions: positions,
        channels: channels)
    }
  }

  private static func biasGradient(
    _ output: Span<Float>, _ size: Size, _ index: Int, _ values: inout [Float],
    _ consumer: inout some GradientConsumer
  ) {
    var sums = [Float](repeating: 0, count: size.units)
    var target = sums.mutableSpan
    Rows.sum(output, into: &target)
    consumer.consume(sums.span, range: 0..<size.units, parameter: index, values: &values)
  }

  /// `transpose(input) * output`, a few rows of the kernel at a time.
  private static func kernelGradient(
    _ input: Span<Float>, _ output: Span<Float>, _ size: Size, _ index: Int, _ values: inout [Float],
    _ consumer: inout some GradientConsumer, _ pool: ThreadPool
  ) {
    let most = min(size.inputs, max(1, gradientBlock / size.units))
    var columns: [Float] = []
    var gradient: [Float] = []
    for start in stride(from: 0, to: size.inputs, by: most) {
      let count = min(most, size.inputs - start)
      gradient.resize(to: count * size.units)
      Rows.gatherColumns(input, start..<start + count, of: size.inputs, into: &columns)
      var target = gradient.mutableSpan
      Matrices.productTransposingInput(
        columns.span, output, into: &target, rows: count, inner: size.rows, columns: size.units,
        pool: pool)
      consumer.consume(
        gradient.span, range: start * size.units..<(start + count) * size.units, parameter: index,
        values: &values)
    }
  }
}

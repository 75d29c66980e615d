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
  ///   - pass: as in the forward pass, which was one of training.
  func backward(
    _ values: inout [[Float]], _ workspace: inout HeadWorkspace, from last: Int, _ pass: Pass,
    into consumer: inout some GradientConsumer
  ) {
    for index in (firstTrainable..<last).reversed() {
      var target: [Float] = []
      swap(&target, &workspace.gradients[index])
      if index > firstTrainable { inputGradient(of: index, values, workspace, into: &target, pass) }
      parameterGradients(of: index, &values, workspace, &consumer)
      swap(&target, &workspace.gradients[index])
    }
  }

  private func parameterGradients(
    of index: Int, _ values: inout [[Float]], _ workspace: HeadWorkspace,
    _ consumer: inout some GradientConsumer
  ) {
    let input = workspace.values[index]
    let output = workspace.gradients[index + 1]
    switch steps[index] {
    case .dense(let kernel, let bias, let inputs, let units, let rows):
      let size = Size(rows: rows * workspace.rows, inputs: inputs, units: units)
      if let bias { biasGradient(output.span, size, bias, &values[bias], &consumer) }
      kernelGradient(input.span, output.span, size, kernel, &values[kernel], &consumer, workspace.pool)
    case .normalization(let step):
      guard let moments = workspace.moments[index] else { return }
      let sums = step.parameterGradients(input.span, output.span, moments)
      for case (let parameter?, let sum) in [(step.gamma, sums.gamma), (step.beta, sums.beta)] {
        let gradient = sum.map { Float($0) }
        consumer.consume(
          gradient.span, range: 0..<step.channels, parameter: parameter, values: &values[parameter])
      }
    default: break
    }
  }

  private struct Size {
    var rows: Int
    var inputs: Int
    var units: Int
  }

  func inputGradient(
    of index: Int, _ parameters: [[Float]], _ workspace: HeadWorkspace, into target: inout [Float],
    _ pass: Pass
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
      if let dropout = pass.dropout(index) { Rows.dropOut(&result, rate: rate, dropout) }
    case .averagePooling(let positions, let channels):
      Pools.averageGradient(gradient.span, into: &result, positions: positions, channels: channels)
    case .maxPooling(let positions, let channels):
      Pools.maximumGradient(
        values: input.span, maxima: output.span, gradient: gradient.span, into: &result, positions: positions,
        channels: channels)
    case .unitNormalization(let width):
      Rows.normalizationGradient(
        input: input.span, output: output.span, gradient: gradient.span, into: &result, width: width)
    case .normalization(let step):
      if let moments = workspace.moments[index] {
        step.inputGradient(input.span, gradient.span, into: &result, parameters, moments)
      } else {
        step.inferenceGradient(gradient.span, into: &result, parameters)
      }
    }
  }

  private func biasGradient(
    _ output: Span<Float>, _ size: Size, _ index: Int, _ values: inout [Float],
    _ consumer: inout some GradientConsumer
  ) {
    var sums = [Float](repeating: 0, count: size.units)
    var target = sums.mutableSpan
    Rows.sum(output, into: &target)
    addPenaltySlope(index, values, from: 0, to: &target)
    consumer.consume(sums.span, range: 0..<size.units, parameter: index, values: &values)
  }

  /// `transpose(input) * output`, a few rows of the kernel at a time.
  private func kernelGradient(
    _ input: Span<Float>, _ output: Span<Float>, _ size: Size, _ index: Int, _ values: inout [Float],
    _ consumer: inout some GradientConsumer, _ pool: ThreadPool
  ) {
    let most = min(size.inputs, max(1, Self.gradientBlock / size.units))
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
      addPenaltySlope(index, values, from: start * size.units, to: &target)
      consumer.consume(
        gradient.span, range: start * size.units..<(start + count) * size.units, parameter: index,
        values: &values)
    }
  }

  private func addPenaltySlope(
    _ index: Int, _ values: [Float], from start: Int, to gradient: inout MutableSpan<Float>
  ) {
    let regularizer = parameters[index].regularizer
    guard !regularizer.isFree else { return }
    regularizer.addSlope(values.span, from: start, to: &gradient)
  }
}

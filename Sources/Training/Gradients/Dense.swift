import Catalog
import Kernels

extension Catalog.Dense: DifferentiableOperation {
  func problem(_ training: TrainingAttributes) -> SettingProblem? {
    units < 1 ? SettingProblem(expected: "1 unit or more", found: "\(units)") : nil
  }

  /// The weighted sums, then the activation: a loss may want what lies between them.
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let kernel = layer.parameters["kernel"] else { return [] }
    let products = DenseStep(
      kernel: kernel, bias: layer.parameters["bias"], inputs: layer.channels, units: units,
      rows: layer.positions, learns: layer.learns)
    return [products] + ActivationStep.steps(activation, width: units)
  }
}

/// `input x kernel + bias`, over the last axis.
private struct DenseStep: UnaryStep {
  var kernel: Int
  var bias: Int?
  var inputs: Int
  var units: Int
  /// Rows of `inputs` elements in a sample.
  var rows: Int
  var learns: Bool

  var backwardReads: BackwardReads { learns ? .inputs : [] }
  var multipliesWeights: Bool { true }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let kernel = parameters[kernel]
    Matrices.product(
      input, kernel.span, into: &output, rows: batch.samples * rows, inner: inputs,
      columns: units, pool: batch.pool)
    guard let bias else { return nil }
    let terms = parameters[bias]
    Rows.add(terms.span, to: &output)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let kernel = parameters[kernel]
    Matrices.productTransposingKernel(
      record.gradient.span, kernel.span, into: &result, rows: record.batch.samples * rows,
      inner: units, columns: inputs, pool: record.batch.pool)
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    if let bias { biasGradient(record, bias, &values[bias], &consumer) }
    kernelGradient(record, &values[kernel], &consumer)
  }

  private func biasGradient(
    _ record: StepRecord, _ bias: Int, _ values: inout [Float], _ consumer: inout some GradientConsumer
  ) {
    var sums = [Float](repeating: 0, count: units)
    var target = sums.mutableSpan
    Rows.sum(record.gradient.span, into: &target)
    consumer.consume(sums.span, range: 0..<units, parameter: bias, values: &values)
  }

  /// Elements of a kernel's gradient that exist at a time. A whole gradient would be as large as the kernel, and out of
  /// every cache by the time the optimizer reads it.
  private static let gradientBlock = 1 << 18

  /// `transpose(input) x gradient`, a few rows of the kernel at a time.
  private func kernelGradient(
    _ record: StepRecord, _ values: inout [Float], _ consumer: inout some GradientConsumer
  ) {
    let most = min(inputs, max(1, Self.gradientBlock / units))
    var columns: [Float] = []
    var gradient: [Float] = []
    for start in stride(from: 0, to: inputs, by: most) {
      let count = min(most, inputs - start)
      gradient.resize(to: count * units)
      Rows.gatherColumns(record.input.span, start..<start + count, of: inputs, into: &columns)
      var target = gradient.mutableSpan
      Matrices.productTransposingInput(
        columns.span, record.gradient.span, into: &target, rows: count, inner: record.batch.samples * rows,
        columns: units, pool: record.batch.pool)
      consumer.consume(
        gradient.span, range: start * units..<(start + count) * units, parameter: kernel, values: &values)
    }
  }
}

import Catalog

extension Catalog.GlobalAveragePooling2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [AveragePoolingStep(positions: PooledPositions(layer))]
  }
}

/// The mean over all positions.
private struct AveragePoolingStep: UnaryStep {
  var positions: PooledPositions

  var backwardReads: BackwardReads { [] }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let (channels, count) = (positions.channels, positions.count)
    for index in output.indices { output[index] = 0 }
    for row in 0..<input.count / max(1, channels) {
      Rows.add(
        input.extracting(row * channels..<(row + 1) * channels), to: &output, at: row / count * channels)
    }
    for index in output.indices { output[index] /= Float(count) }
    return nil
  }

  /// Every position has an equal part in the mean.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let gradient = record.gradient.span
    let (channels, count) = (positions.channels, positions.count)
    let parts = gradient.indices.map { gradient[$0] / Float(count) }
    for row in 0..<result.count / max(1, channels) {
      let sample = row / count * channels
      Rows.copy(parts.span.extracting(sample..<sample + channels), into: &result, at: row * channels)
    }
  }
}

import Catalog

extension Catalog.GlobalAveragePooling2D: DifferentiableOperation {
  func steps(of layer: HeadLayerSite) -> [any DifferentiableStep] {
    [AveragePoolingStep(positions: PooledPositions(layer))]
  }
}

/// The mean over all positions.
private struct AveragePoolingStep: DifferentiableStep {
  var positions: PooledPositions

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for index in output.indices {
      var sum: Float = 0
      for place in positions.places(of: index) { sum += input[place] }
      output[index] = sum / Float(positions.count)
    }
    return nil
  }

  /// Every position has an equal part in the mean.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let gradient = record.gradient.span
    for index in gradient.indices {
      for place in positions.places(of: index) { result[place] = gradient[index] / Float(positions.count) }
    }
  }
}

import Catalog

extension Catalog.GlobalMaxPooling2D: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [MaxPoolingStep(positions: PooledPositions(layer))]
  }
}

/// The largest over all positions.
private struct MaxPoolingStep: UnaryStep {
  var positions: PooledPositions

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for index in output.indices {
      var largest = -Float.infinity
      for place in positions.places(of: index) { largest = max(largest, input[place]) }
      output[index] = largest
    }
    return nil
  }

  /// Equal maxima share the gradient, as TensorFlow's `reduce_max` has it.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let input = record.input.span
    let maxima = record.output.span
    let gradient = record.gradient.span
    for index in maxima.indices {
      let places = positions.places(of: index)
      let count = places.count { input[$0] == maxima[index] }
      for place in places {
        result[place] = input[place] == maxima[index] ? gradient[index] / Float(count) : 0
      }
    }
  }
}

import Catalog

extension Catalog.GlobalMaxPooling2D: DifferentiableOperation {
  func steps(of layer: HeadLayerSite) -> [any DifferentiableStep] {
    [MaxPoolingStep(positions: layer.positions, channels: layer.channels)]
  }
}

/// The largest over all positions: `[N, positions, channels]` to `[N, channels]`.
private struct MaxPoolingStep: DifferentiableStep {
  var positions: Int
  var channels: Int

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for index in output.indices {
      var largest = -Float.infinity
      for place in places(of: index) { largest = max(largest, input[place]) }
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
      let places = places(of: index)
      let count = places.count { input[$0] == maxima[index] }
      for place in places {
        result[place] = input[place] == maxima[index] ? gradient[index] / Float(count) : 0
      }
    }
  }

  /// Where in the input the elements lie that output `index` is the largest of.
  private func places(of index: Int) -> StrideTo<Int> {
    let start = index / channels * positions * channels + index % channels
    return stride(from: start, to: start + positions * channels, by: channels)
  }
}

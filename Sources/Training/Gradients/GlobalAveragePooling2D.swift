import Catalog

extension Catalog.GlobalAveragePooling2D: DifferentiableOperation {
  func steps(of layer: HeadLayerSite) -> [any DifferentiableStep] {
    [AveragePoolingStep(positions: layer.positions, channels: layer.channels)]
  }
}

/// The mean over all positions: `[N, positions, channels]` to `[N, channels]`.
private struct AveragePoolingStep: DifferentiableStep {
  var positions: Int
  var channels: Int

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for sample in 0..<output.count / channels {
      let start = sample * channels
      for channel in 0..<channels { output[start + channel] = 0 }
      for position in 0..<positions {
        let row = (sample * positions + position) * channels
        for channel in 0..<channels { output[start + channel] += input[row + channel] }
      }
      for channel in 0..<channels { output[start + channel] /= Float(positions) }
    }
    return nil
  }

  /// Every position has an equal part in the mean.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let gradient = record.gradient.span
    for index in result.indices {
      let sample = index / (positions * channels)
      result[index] = gradient[sample * channels + index % channels] / Float(positions)
    }
  }
}

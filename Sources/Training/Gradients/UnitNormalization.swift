import Catalog
import Kernels

extension Catalog.UnitNormalization: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [UnitNormalizationStep(width: layer.channels)]
  }
}

/// Rows of `width` elements at length 1, by the kernel that backbones have.
private struct UnitNormalizationStep: UnaryStep {
  var width: Int

  /// Keras's bound for rows without length.
  private static let largestFactor = 1e12

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    ChannelStep.Function.unitNormalization.apply(input, into: &output, width: width, pool: batch.pool)
    return nil
  }

  /// What of the gradient does not lie along the row. A row without length has no direction to be turned in.
  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let input = record.input.span
    let output = record.output.span
    let gradient = record.gradient.span
    for start in stride(from: 0, to: input.count, by: width) {
      let row = start..<start + width
      let factor = Self.inverseLength(input.extracting(row))
      var along = 0.0
      for index in row { along += Double(gradient[index]) * Double(output[index]) }
      for index in row {
        let across = Double(gradient[index]) - along * Double(output[index])
        result[index] = factor < Self.largestFactor ? Float(across * factor) : 0
      }
    }
  }

  /// What brings a row to length 1.
  private static func inverseLength(_ row: Span<Float>) -> Double {
    var squares = 0.0
    for index in row.indices { squares += Double(row[index]) * Double(row[index]) }
    return min(1 / squares.squareRoot(), largestFactor)
  }
}

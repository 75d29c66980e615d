import Catalog

extension Concatenate: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    var columns: [Range<Int>] = []
    for shape in layer.inputShapes {
      let start = columns.last?.upperBound ?? 0
      columns.append(start..<start + shape[shape.rank - 1])
    }
    return [ConcatenationStep(columns: columns)]
  }
}

/// Inputs side by side along the channels.
private struct ConcatenationStep: DifferentiableStep {
  /// The channels of the output that each input becomes.
  var columns: [Range<Int>]

  var backwardReads: BackwardReads { [] }

  private var outputChannels: Int { columns.last?.upperBound ?? 0 }

  func forward(
    _ inputs: [[Float]], into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for (input, columns) in zip(inputs, columns) {
      Rows.scatterColumns(input.span, columns, of: outputChannels, into: &output)
    }
    return nil
  }

  func inputGradient(
    _ record: StepRecord, of index: Int, _ parameters: [[Float]], into result: inout MutableSpan<Float>
  ) {
    let (own, gradient) = (columns[index], record.gradient.span)
    for row in 0..<gradient.count / outputChannels {
      let start = row * outputChannels + own.lowerBound
      Rows.copy(gradient.extracting(start..<start + own.count), into: &result, at: row * own.count)
    }
  }
}

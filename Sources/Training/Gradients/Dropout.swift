import Catalog

extension Catalog.Dropout: DifferentiableOperation {
  func problem(_ training: TrainingAttributes) -> SettingProblem? {
    rate >= 0 && rate < 1
      ? nil : SettingProblem(expected: "a rate from 0 up to but not including 1", found: "\(rate)")
  }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] { [DropoutStep(rate: rate)] }
}

/// Zeros in place of a part of the elements; the generator draws the same elements on the way back.
private struct DropoutStep: UnaryStep {
  var rate: Double

  var backwardReads: BackwardReads { [] }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    Rows.copy(input, into: &output)
    if let dropout = batch.dropout { Rows.dropOut(&output, rate: rate, dropout) }
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    Rows.copy(record.gradient.span, into: &result)
    if let dropout = record.batch.dropout { Rows.dropOut(&result, rate: rate, dropout) }
  }
}

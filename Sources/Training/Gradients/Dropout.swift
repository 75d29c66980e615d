import Catalog

extension Catalog.Dropout: DifferentiableOperation {
  func problem(_ training: TrainingAttributes) -> SettingProblem? {
    rate >= 0 && rate < 1
      ? nil : SettingProblem(expected: "a rate from 0 up to but not including 1", found: "\(rate)")
  }

  func problem(of layer: LayerSite) -> SettingProblem? {
    guard step(of: layer) == nil else { return nil }
    let words = noiseShape.map { $0 == -1 ? "None" : "\($0)" }.joined(separator: ", ")
    return SettingProblem(
      expected: "a dropout of single numbers, of whole channels or of whole samples to train it",
      found: "noise_shape (\(words))")
  }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] { step(of: layer).map { [$0] } ?? [] }

  /// What drops single numbers, whole channels or whole samples; nil for anything else.
  private func step(of layer: LayerSite) -> (any DifferentiableStep)? {
    let extents = layer.inputShape.dimensions
    guard !noiseShape.isEmpty else { return DropoutStep(rate: rate) }
    guard noiseShape.count == extents.count + 1, noiseShape[0] == -1 else { return nil }
    let axes = zip(noiseShape.dropFirst(), extents)
    guard axes.allSatisfy({ $0 == -1 || $0 == 1 || $0 == $1 }) else { return nil }
    // An axis of one position is both.
    let isTogether = axes.map { $0 == 1 || $1 == 1 }
    let isApart = axes.map { $0 != 1 || $1 == 1 }
    if !isApart.contains(false) { return DropoutStep(rate: rate) }
    if !isTogether.contains(false) {
      return BlockDropoutStep(rate: rate, positions: layer.inputShape.elementCount, channels: 1)
    }
    guard !isTogether.dropLast().contains(false) else { return nil }
    return BlockDropoutStep(rate: rate, positions: layer.positions, channels: layer.channels)
  }
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

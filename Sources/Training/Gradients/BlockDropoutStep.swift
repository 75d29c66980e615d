import Kernels
import Randomness

/// Zeros in place of a part of the samples, or of the channels of each, and more of the others; the generator draws the same ones
/// on the way back.
struct BlockDropoutStep: UnaryStep {
  var rate: Double
  /// Elements that are kept or dropped together lie `channels` apart.
  var positions: Int
  var channels: Int

  var backwardReads: BackwardReads { [] }

  static func problem(_ rate: Double) -> SettingProblem? {
    rate >= 0 && rate < 1
      ? nil : SettingProblem(expected: "a rate from 0 up to but not including 1", found: "\(rate)")
  }

  private func apply(_ input: Span<Float>, into output: inout MutableSpan<Float>, _ batch: StepBatch) {
    guard var generator = batch.dropout, rate > 0 else { return Rows.copy(input, into: &output) }
    let scale = Float(1 / (1 - rate))
    for sample in 0..<batch.samples {
      let factors = (0..<channels).map { _ in generator.nextUnit() >= rate ? scale : 0 }
      let start = sample * positions * channels
      for index in 0..<positions * channels {
        output[start + index] = input[start + index] * factors[index % channels]
      }
    }
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    apply(input, into: &output, batch)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    apply(record.gradient.span, into: &result, record.batch)
  }
}

import Catalog
import Kernels

/// The largest, or the mean, of each window.
struct WindowPoolingStep: UnaryStep {
  var pooling: TrainedPooling

  init(_ window: SlidingWindow, of layer: LayerSite, isMaximum: Bool) {
    pooling = TrainedPooling(
      window: window.window(over: layer.inputShape, to: layer.outputShape), isMaximum: isMaximum)
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    pooling.forward(input, into: &output, images: batch.samples, pool: batch.pool)
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    pooling.inputGradient(
      record.input.span, record.output.span, record.gradient.span, into: &result,
      images: record.batch.samples, pool: record.batch.pool)
  }
}

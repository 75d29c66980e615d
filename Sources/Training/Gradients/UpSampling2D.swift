import Catalog
import Tensors

extension UpSampling2D: DifferentiableOperation {
  func problem(of layer: LayerSite) -> SettingProblem? {
    interpolation == .nearest
      ? nil : SettingProblem(expected: "the nearest pixels", found: "interpolation \(interpolation.rawValue)")
  }

  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    [RepetitionStep(input: ImageSize(layer.inputShape), rows: size.height, columns: size.width)]
  }
}

/// Every pixel several times, in both directions.
private struct RepetitionStep: UnaryStep {
  var input: ImageSize
  var rows: Int
  var columns: Int

  var backwardReads: BackwardReads { [] }

  /// Calls `body` with where every pixel of the larger images lies, and where it comes from.
  private func forEachPixel(_ images: Int, _ body: (_ large: Int, _ small: Int) -> Void) {
    let width = input.width * columns
    for row in 0..<images * input.height * rows {
      for x in 0..<width {
        body((row * width + x) * input.channels, (row / rows * input.width + x / columns) * input.channels)
      }
    }
  }

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let channels = self.input.channels
    forEachPixel(batch.samples) { large, small in
      Rows.copy(input.extracting(small..<small + channels), into: &output, at: large)
    }
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    for index in result.indices { result[index] = 0 }
    let gradient = record.gradient.span
    forEachPixel(record.batch.samples) { large, small in
      Rows.add(gradient.extracting(large..<large + input.channels), to: &result, at: small)
    }
  }
}

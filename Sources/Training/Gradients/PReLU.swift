import Catalog

extension PReLU: DifferentiableOperation {
  func steps(of layer: LayerSite) -> [any DifferentiableStep] {
    guard let alpha = layer.parameters["alpha"] else { return [] }
    let extents = layer.inputShape.dimensions
    var places = [0]
    for (axis, extent) in extents.enumerated() {
      let isShared = sharedAxes.contains(axis + 1)
      let own = isShared ? 1 : extent
      places = places.flatMap { place in (0..<extent).map { place * own + (isShared ? 0 : $0) } }
    }
    return [PReLUStep(alpha: alpha, places: places, learns: layer.learns)]
  }
}

/// `x` above 0, `alpha * x` below.
private struct PReLUStep: UnaryStep {
  var alpha: Int
  /// Which alpha every element of a sample has.
  var places: [Int]
  var learns: Bool

  func forward(
    _ input: Span<Float>, into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let alpha = parameters[alpha]
    for index in input.indices {
      let x = input[index]
      output[index] = x > 0 ? x : alpha[places[index % places.count]] * x
    }
    return nil
  }

  func inputGradient(_ record: StepRecord, _ parameters: [[Float]], into result: inout MutableSpan<Float>) {
    let (input, alpha) = (record.input, parameters[alpha])
    for index in input.indices {
      let slope = input[index] > 0 ? 1 : alpha[places[index % places.count]]
      result[index] = record.gradient[index] * slope
    }
  }

  func parameterGradients(
    _ record: StepRecord, _ values: inout [[Float]], into consumer: inout some GradientConsumer
  ) {
    var sums = [Double](repeating: 0, count: values[alpha].count)
    for (index, x) in record.input.enumerated() where x <= 0 {
      sums[places[index % places.count]] += Double(record.gradient[index]) * Double(x)
    }
    let gradient = sums.map { Float($0) }
    consumer.consume(
      gradient.span, range: 0..<gradient.count, parameter: alpha, values: &values[alpha])
  }
}

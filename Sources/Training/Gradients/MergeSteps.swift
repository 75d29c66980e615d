import Kernels
import Tensors

extension LayerSite {
  /// How each input comes to the size of the output.
  var broadcasts: [Broadcast] { inputShapes.map { Broadcast($0, to: outputShape) } }
}

/// The sum of all inputs, each times a factor, by a divisor.
struct SumStep: DifferentiableStep {
  private var broadcasts: [Broadcast]
  private var factors: [Float]
  private var divisor: Float

  init(_ layer: LayerSite, factors: [Float]? = nil, divisor: Float = 1) {
    broadcasts = layer.broadcasts
    self.factors = factors ?? layer.inputShapes.map { _ in 1 }
    self.divisor = divisor
  }

  var backwardReads: BackwardReads { [] }

  func forward(
    _ inputs: [[Float]], into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let kernels = ElementwiseGradients(pool: batch.pool)
    let first = term(inputs[0], at: 0, batch)
    if inputs.count == 1 {
      Rows.copy(first.span, into: &output)
    } else {
      let second = term(inputs[1], at: 1, batch)
      kernels.combine(.add, first.span, second.span, into: &output)
    }
    for index in inputs.indices.dropFirst(2) {
      let term = term(inputs[index], at: index, batch)
      kernels.add(term.span, to: &output)
    }
    if divisor != 1 { for index in output.indices { output[index] /= divisor } }
    return nil
  }

  private func term(_ input: [Float], at index: Int, _ batch: StepBatch) -> [Float] {
    let term = broadcasts[index].expanded(input, samples: batch.samples)
    return factors[index] == 1 ? term : term.map { $0 * factors[index] }
  }

  func inputGradient(
    _ record: StepRecord, of index: Int, _ parameters: [[Float]], into result: inout MutableSpan<Float>
  ) {
    broadcasts[index].reduced(record.gradient.span, into: &result)
    let factor = factors[index] / divisor
    if factor != 1 { for element in result.indices { result[element] *= factor } }
  }
}

/// The product of all inputs.
struct ProductStep: DifferentiableStep {
  private var broadcasts: [Broadcast]

  init(_ layer: LayerSite) { broadcasts = layer.broadcasts }

  var backwardReads: BackwardReads { .inputs }

  func forward(
    _ inputs: [[Float]], into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    let product = product(inputs, except: nil, batch)
    Rows.copy(product.span, into: &output)
    return nil
  }

  /// The gradient times all other inputs.
  func inputGradient(
    _ record: StepRecord, of index: Int, _ parameters: [[Float]], into result: inout MutableSpan<Float>
  ) {
    let others = product(record.inputs, except: index, record.batch)
    var slopes = [Float](repeating: 0, count: others.count)
    var target = slopes.mutableSpan
    ElementwiseGradients(pool: record.batch.pool)
      .combine(.multiply, record.gradient.span, others.span, into: &target)
    broadcasts[index].reduced(slopes.span, into: &result)
  }

  private func product(_ inputs: [[Float]], except left: Int?, _ batch: StepBatch) -> [Float] {
    var product: [Float] = []
    for (index, input) in inputs.enumerated() where index != left {
      let factor = broadcasts[index].expanded(input, samples: batch.samples)
      guard !product.isEmpty else {
        product = factor
        continue
      }
      let former = product
      var target = product.mutableSpan
      ElementwiseGradients(pool: batch.pool).combine(.multiply, former.span, factor.span, into: &target)
    }
    return product
  }
}

/// The largest or the smallest of all inputs, taken pair by pair. The gradient goes to the one it is, and of equal ones to the
/// first, as in TensorFlow.
struct ExtremeStep: DifferentiableStep {
  private var broadcasts: [Broadcast]
  private var pairing: ElementwiseGradients.Pairing

  init(_ layer: LayerSite, pairing: ElementwiseGradients.Pairing) {
    (broadcasts, self.pairing) = (layer.broadcasts, pairing)
  }

  func forward(
    _ inputs: [[Float]], into output: inout MutableSpan<Float>, _ parameters: [[Float]], _ batch: StepBatch
  ) -> (any Sendable)? {
    for (index, input) in inputs.enumerated() {
      let own = broadcasts[index].expanded(input, samples: batch.samples)
      guard index > 0 else {
        Rows.copy(own.span, into: &output)
        continue
      }
      for element in output.indices {
        let isBetter = pairing == .maximum ? own[element] > output[element] : own[element] < output[element]
        if isBetter { output[element] = own[element] }
      }
    }
    return nil
  }

  func inputGradient(
    _ record: StepRecord, of index: Int, _ parameters: [[Float]], into result: inout MutableSpan<Float>
  ) {
    let inputs = record.inputs.enumerated().map { place, input in
      place <= index ? broadcasts[place].expanded(input, samples: record.batch.samples) : []
    }
    let slopes = record.output.indices.map { element -> Float in
      let winner = record.output[element]
      let isFirst = inputs[index][element] == winner && !inputs[..<index].contains { $0[element] == winner }
      return isFirst ? record.gradient[element] : 0
    }
    broadcasts[index].reduced(slopes.span, into: &result)
  }
}

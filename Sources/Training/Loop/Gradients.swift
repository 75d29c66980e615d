package import Tensors

/// Keeps whole gradients, for whoever needs all of them at once.
struct GradientCollector: GradientConsumer {
  private(set) var gradients: [[Float]]

  /// - Parameter headAlone: whether a backbone before the head has no gradients.
  init(_ model: HeadModel, headAlone: Bool = false) {
    let frozen = headAlone ? model.program.tailParameterCount : 0
    gradients = model.program.trainableCounts.enumerated().map { index, count in
      [Float](repeating: 0, count: index < frozen ? 0 : count)
    }
  }

  /// Takes the memory of an earlier step, if there was one; every element is written anew.
  init(reusing memory: inout [[Float]], _ model: HeadModel, headAlone: Bool) {
    self.init(gradients: [])
    swap(&gradients, &memory)
    if gradients.isEmpty { self = GradientCollector(model, headAlone: headAlone) }
  }

  private init(gradients: [[Float]]) { self.gradients = gradients }

  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float]
  ) {
    for offset in gradient.indices { gradients[index][range.lowerBound + offset] = gradient[offset] }
  }
}

extension Trainer {
  /// The loss over all samples as one batch of training, and its gradient by every parameter; that of one
  /// that does not learn is empty.
  ///
  /// - Parameter dropout: the seed dropout draws with; nil for none.
  package func gradients(
    _ features: Tensor, _ labels: Labels, dropout: UInt64? = nil
  ) throws(TrainingError) -> (loss: Double, gradients: [[Float]]) {
    let samples = SourcedSamples(features, labels)
    let count = try check(samples, 1)
    let evaluator = Evaluator(model, loss, metrics)
    var workspace = HeadWorkspace(model.program, pool: model.pool)
    var batch = Batch()
    try workspace.load(features, 0..<count, sources: model.program.sourceCount)
    batch.load(samples.labels, samples.weights, 0..<count, evaluator)
    model.program.forward(model.values, &workspace, .training(dropout: dropout))
    let penalty = model.program.penalty(model.values)
    let tally = evaluator.evaluate(&workspace, batch, penalty: penalty)
    var values = model.values
    var collector = GradientCollector(model)
    model.program.backward(
      &values, &workspace, from: evaluator.logits, .training(dropout: dropout), into: &collector)
    return (tally.meanLoss, collector.gradients)
  }
}

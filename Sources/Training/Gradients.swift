package import Tensors

/// Keeps whole gradients, for whoever needs all of them at once.
struct GradientCollector: GradientConsumer {
  private(set) var gradients: [[Float]]

  init(_ model: HeadModel) { gradients = model.values.map { [Float](repeating: 0, count: $0.count) } }

  /// Takes the memory of an earlier step, if there was one; every element is written anew.
  init(reusing memory: inout [[Float]], _ model: HeadModel) {
    self.init(gradients: [])
    swap(&gradients, &memory)
    if gradients.isEmpty { self = GradientCollector(model) }
  }

  private init(gradients: [[Float]]) { self.gradients = gradients }

  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float]
  ) {
    for offset in gradient.indices { gradients[index][range.lowerBound + offset] = gradient[offset] }
  }
}

extension Trainer {
  /// The mean loss over all samples as one batch, and its gradient by every parameter.
  ///
  /// - Parameter dropout: the seed dropout draws with; nil for none.
  package func gradients(
    _ features: Tensor, _ labels: Labels, dropout: UInt64? = nil
  ) throws(TrainingError) -> (loss: Double, gradients: [[Float]]) {
    let count = try check(features, labels, 1)
    let judge = Judge(model, loss)
    var workspace = HeadWorkspace(model.program, rows: count, training: true, pool: model.pool)
    var targets: [Float] = []
    workspace.load(features, 0..<count)
    labels.load(0..<count, width: judge.width, into: &targets)
    model.program.forward(model.values, &workspace, dropout: dropout)
    let tally = judge.judge(&workspace, targets, withGradient: true)
    var values = model.values
    var collector = GradientCollector(model)
    model.program.backward(&values, &workspace, from: judge.logits, dropout: dropout, into: &collector)
    return (tally.meanLoss, collector.gradients)
  }
}

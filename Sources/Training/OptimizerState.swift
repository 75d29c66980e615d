/// What an optimizer remembers about one parameter, by Keras's names; arrays it has no use for are empty.
struct OptimizerMemory: Hashable, Sendable {
  var momentum: [Float] = []
  var velocity: [Float] = []
  var averageGradient: [Float] = []

  init() {}

  init(_ optimizer: Optimizer, count: Int) {
    let zeros = [Float](repeating: 0, count: count)
    switch optimizer {
    case .sgd(_, let momentum, _):
      if momentum > 0 { self.momentum = zeros }
    case .adam: (momentum, velocity) = (zeros, zeros)
    case .rmsprop(_, _, let momentum, _, let centered):
      velocity = zeros
      if momentum > 0 { self.momentum = zeros }
      if centered { averageGradient = zeros }
    }
  }
}

/// An optimizer at work: its memory, and the step that uses it.
struct OptimizerState: GradientConsumer, Sendable {
  let optimizer: Optimizer
  /// The learning rate of the next step.
  var learningRate: Double
  /// The steps taken so far.
  private(set) var iterations = 0
  /// One a parameter.
  private(set) var memory: [OptimizerMemory]

  init(_ optimizer: Optimizer, parameterCounts: [Int]) {
    self.optimizer = optimizer
    learningRate = optimizer.learningRate
    memory = parameterCounts.map { OptimizerMemory(optimizer, count: $0) }
  }

  /// Starts the next step; every parameter's gradients follow.
  mutating func beginStep() { iterations += 1 }

  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float]
  ) {
    precondition(gradient.count == range.count && values.indices.contains(range), "gradient out of range")
    // Taken out and put back, so that its arrays can be written side by side without a copy.
    var own = OptimizerMemory()
    swap(&own, &memory[index])
    update(&values, gradient, range.lowerBound, &own)
    swap(&own, &memory[index])
  }

  private func update(
    _ values: inout [Float], _ gradient: Span<Float>, _ start: Int, _ memory: inout OptimizerMemory
  ) {
    switch optimizer {
    case .sgd(_, 0, _): UpdateRules.descend(&values, gradient, start, rate: Float(learningRate))
    case .sgd(_, let momentum, let nesterov):
      UpdateRules.Momentum(rate: learningRate, momentum: momentum, nesterov: nesterov)
        .update(&values, gradient, start, momentum: &memory.momentum)
    case .adam(_, let beta1, let beta2, let epsilon):
      UpdateRules.Adam(
        rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, iteration: iterations
      ).update(&values, gradient, start, momentum: &memory.momentum, velocity: &memory.velocity)
    case .rmsprop(_, let rho, let momentum, let epsilon, let centered):
      UpdateRules.RootMeanSquare(
        rate: learningRate, rho: rho, momentum: momentum, epsilon: epsilon, isCentered: centered
      ).update(
        &values, gradient, start, velocity: &memory.velocity, averageGradient: &memory.averageGradient,
        momentum: &memory.momentum)
    }
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}

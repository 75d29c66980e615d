import Kernels

/// What an optimizer remembers about one parameter, by Keras's names; arrays it has no use for are empty.
struct OptimizerMemory: Hashable, Sendable {
  var momentum: [Float] = []
  var velocity: [Float] = []
  var velocityHat: [Float] = []
  var averageGradient: [Float] = []
  var accumulator: [Float] = []

  init() {}

  init(_ rule: Optimizer.Rule, count: Int) {
    // One for each: what they shared would be copied at the first step.
    func zeros() -> [Float] { [Float](repeating: 0, count: count) }
    switch rule {
    case .sgd(let momentum, _):
      if momentum > 0 { self.momentum = zeros() }
    case .adam(_, _, _, let amsgrad):
      (momentum, velocity) = (zeros(), zeros())
      if amsgrad { velocityHat = zeros() }
    case .adagrad(let initial, _): accumulator = [Float](repeating: Float(initial), count: count)
    case .rmsprop(_, let momentum, _, let centered):
      velocity = zeros()
      if momentum > 0 { self.momentum = zeros() }
      if centered { averageGradient = zeros() }
    }
  }

  /// Every array by Keras's name, in one order.
  static var arrays: [(name: String, path: WritableKeyPath<OptimizerMemory, [Float]>)] {
    [
      ("momentum", \.momentum), ("velocity", \.velocity), ("velocity_hat", \.velocityHat),
      ("average_gradient", \.averageGradient), ("accumulator", \.accumulator),
    ]
  }
}

/// An optimizer at work: its memory, and the step that uses it.
struct OptimizerState: GradientConsumer, Sendable {
  let optimizer: Optimizer
  /// The steps taken so far.
  var iterations = 0
  /// The step at which it began anew: what it remembers is of the steps since.
  var start = 0
  /// What a callback set in place of the optimizer's own learning rate.
  var givenLearningRate: Double?
  /// One a parameter.
  var memory: [OptimizerMemory]
  /// What the learning rate of every parameter is multiplied by.
  var factors: [Double]
  /// The threads that take the steps.
  var pool = ThreadPool.shared
  /// The rate of the step at hand.
  private var rate = 0.0

  /// - Parameter parameterCounts: the elements of every parameter; 0 for one that does not learn.
  init(_ optimizer: Optimizer, parameterCounts: [Int]) {
    self.optimizer = optimizer
    memory = parameterCounts.map { OptimizerMemory(optimizer.rule, count: $0) }
    factors = parameterCounts.map { _ in 1 }
  }

  /// Forgets what it remembers of the steps so far, as a model that is compiled again does; schedules go on.
  mutating func restart(parameterCounts: [Int]) {
    memory = parameterCounts.map { OptimizerMemory(optimizer.rule, count: $0) }
    (start, givenLearningRate) = (iterations, nil)
  }

  /// The learning rate of the next step, in single precision as Keras keeps it: what it is multiplied by from epoch
  /// to epoch tells.
  var learningRate: Double {
    get { Double(Float(givenLearningRate ?? optimizer.learningRate.rate(at: iterations))) }
    set { givenLearningRate = newValue }
  }

  /// Starts the next step; every parameter's gradients follow.
  mutating func beginStep() {
    rate = learningRate
    iterations += 1
  }

  mutating func consume(
    _ gradient: Span<Float>, range: Range<Int>, parameter index: Int, values: inout [Float]
  ) {
    // Taken out and put back, so that its arrays can be written side by side without a copy.
    var own = OptimizerMemory()
    swap(&own, &memory[index])
    let rate = rate * factors[index]
    if let decay = optimizer.weightDecay, decay > 0 {
      ParameterUpdates.decay(&values, range, by: Float(rate * decay))
    }
    if case .value(let limit) = optimizer.clipping {
      let clipped = Self.clipped(gradient, to: Float(limit))
      update(&values, clipped.span, range, &own, rate: rate)
    } else {
      update(&values, gradient, range, &own, rate: rate)
    }
    swap(&own, &memory[index])
  }

  private func update(
    _ values: inout [Float], _ gradient: Span<Float>, _ range: Range<Int>, _ memory: inout OptimizerMemory,
    rate: Double
  ) {
    switch optimizer.rule {
    case .sgd(0, _): ParameterUpdates.descend(&values, gradient, range, rate: Float(rate), pool: pool)
    case .sgd(let momentum, let nesterov):
      ParameterUpdates.Momentum(rate: rate, momentum: momentum, nesterov: nesterov)
        .update(&values, gradient, range, momentum: &memory.momentum, pool: pool)
    case .adam(let beta1, let beta2, let epsilon, let amsgrad):
      ParameterUpdates.Adam(
        rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, remembersLargest: amsgrad,
        iteration: iterations - start
      ).update(
        &values, gradient, range, momentum: &memory.momentum, velocity: &memory.velocity,
        largest: &memory.velocityHat, pool: pool)
    case .adagrad(_, let epsilon):
      ParameterUpdates.accumulate(
        &values, gradient, range, rate: Float(rate), epsilon: Float(epsilon),
        accumulator: &memory.accumulator, pool: pool)
    case .rmsprop(let rho, let momentum, let epsilon, let centered):
      ParameterUpdates.RootMeanSquare(
        rate: rate, rho: rho, momentum: momentum, epsilon: epsilon, isCentered: centered
      ).update(
        &values, gradient, range, velocity: &memory.velocity, averageGradient: &memory.averageGradient,
        momentum: &memory.momentum, pool: pool)
    }
  }
  /// The gradient with every element brought within plus and minus `limit`.
  private static func clipped(_ gradient: Span<Float>, to limit: Float) -> [Float] {
    gradient.indices.map { min(max(gradient[$0], -limit), limit) }
  }
}

extension Optimizer.Rule {
  /// How many arrays as long as a parameter are remembered of it.
  var arrayCount: Int {
    let memory = OptimizerMemory(self, count: 1)
    return OptimizerMemory.arrays.count { !memory[keyPath: $0.path].isEmpty }
  }
}

public import Tensors

/// Samples and what they are.
public struct Samples: Sendable {
  /// `[N, C]` or `[N, H, W, C]`, as the head was built for.
  public var features: Tensor
  /// One a sample.
  public var labels: Labels

  /// Puts features and labels together; whether they fit is checked where they are used.
  public init(_ features: Tensor, _ labels: Labels) {
    self.features = features
    self.labels = labels
  }
}

extension Trainer {
  /// Trains for `epochs` epochs over all samples in batches, the last of which may be smaller, and validates
  /// after each; Keras's `fit`.
  ///
  /// - Parameters:
  ///   - shuffle: whether every epoch takes the samples in an order of its own.
  ///   - validation: samples that are only measured.
  /// - Returns: what these epochs measured: `loss`, `accuracy`, and `val_…` with validation.
  /// - Throws: ``TrainingError`` when something does not fit, ``TrainingError/notFinite(epoch:step:loss:learningRate:)``
  ///   when the loss leaves the numbers, and whatever a callback throws.
  @discardableResult
  public mutating func fit(
    _ features: Tensor, _ labels: Labels, validation: Samples? = nil, epochs: Int = 1, batchSize: Int = 32,
    shuffle: Bool = true, callbacks: [any TrainingCallback] = []
  ) throws -> History {
    try Settings.check(epochs: epochs)
    let count = try check(features, labels, batchSize)
    let validationCount = try validation.map { try check($0.features, $0.labels, batchSize) }
    var run = Run(
      samples: Samples(features, labels), batchSize: batchSize, callbacks: callbacks,
      judge: Judge(model, loss),
      workspace: HeadWorkspace(model.program, rows: min(batchSize, count), training: true, pool: model.pool))
    let plan = TrainingPlan(
      epochs: epochs, stepsPerEpoch: (count + batchSize - 1) / batchSize, samples: count,
      validationSamples: validationCount ?? 0)
    stopsTraining = false
    logsLearningRate = false
    var history = History()
    for callback in callbacks { try callback.trainingBegan(plan, &self) }
    for epoch in 0..<epochs where !stopsTraining {
      for callback in callbacks { try callback.epochBegan(epoch, &self) }
      let order = shuffle ? Seeds.permutation(count, seed: seed, epoch: finishedEpochs) : Array(0..<count)
      var logs = try trainEpoch(epoch, order, &run)
      if let validation {
        logs.append(validation: try evaluate(validation.features, validation.labels, batchSize: batchSize))
      }
      if logsLearningRate { logs.append("learning_rate", learningRate) }
      finishedEpochs += 1
      history.append(logs)
      for callback in callbacks { try callback.epochEnded(epoch, logs, &self) }
    }
    for callback in callbacks { try callback.trainingEnded(&self) }
    return history
  }

  /// What stays the same, or is used again, from step to step.
  private struct Run {
    let samples: Samples
    let batchSize: Int
    let callbacks: [any TrainingCallback]
    let judge: Judge
    var workspace: HeadWorkspace
    var targets: [Float] = []
    /// Kept from step to step where gradients are clipped by their norm.
    var gradients: [[Float]] = []
  }

  private mutating func trainEpoch(_ epoch: Int, _ order: [Int], _ run: inout Run) throws -> Logs {
    var tally = Tally()
    for (batch, start) in stride(from: 0, to: order.count, by: run.batchSize).enumerated() {
      let step = trainStep(order[start..<min(start + run.batchSize, order.count)], &run)
      guard step.meanLoss.isFinite || run.callbacks.contains(where: \.handlesInvalidLoss) else {
        throw TrainingError.notFinite(
          epoch: epoch + 1, step: batch + 1, loss: step.meanLoss, learningRate: learningRate)
      }
      tally.add(step)
      for callback in run.callbacks { try callback.batchEnded(batch, tally.logs, &self) }
      if stopsTraining { break }
    }
    return tally.logs
  }

  /// One batch: forward, loss, backward, with every parameter updated as soon as its gradient is known.
  private mutating func trainStep(_ batch: ArraySlice<Int>, _ run: inout Run) -> Tally {
    let dropout = Seeds.derive(seed, "step", state.iterations)
    run.workspace.load(run.samples.features, batch)
    run.samples.labels.load(batch, width: run.judge.width, into: &run.targets)
    model.program.forward(model.values, &run.workspace, dropout: dropout)
    let tally = run.judge.judge(&run.workspace, run.targets, withGradient: true)
    guard tally.meanLoss.isFinite else { return tally }
    state.beginStep()
    if let clipping = optimizer.clipping, clipping.needsWholeGradients {
      var collector = GradientCollector(reusing: &run.gradients, model)
      model.program.backward(
        &model.values, &run.workspace, from: run.judge.logits, dropout: dropout, into: &collector)
      clipping.apply(collector.gradients, &state, &model.values)
      run.gradients = collector.gradients
    } else {
      model.program.backward(
        &model.values, &run.workspace, from: run.judge.logits, dropout: dropout, into: &state)
    }
    return tally
  }
}

public import Tensors

extension Trainer {
  /// Trains for `epochs` epochs over all samples in batches, the last of which may be smaller, and validates
  /// after each; Keras's `fit`.
  ///
  /// With `stepsPerEpoch` an epoch ends after so many batches, and the next continues where it ended. An epoch
  /// that reaches the end of the samples ends there, short as it may be, and the next begins anew in a new
  /// order; this is what Keras 3 does with arrays, where it warns of it.
  ///
  /// - Parameters:
  ///   - features: `[N, C]` or `[N, H, W, C]`, as the head takes them.
  ///   - labels: one a sample.
  ///   - weights: how much every sample counts; see ``Samples/weights``. Not with `classWeights`.
  ///   - classWeights: how much the samples of every class count, in training and not in validation.
  ///   - epochs: how many in all.
  ///   - batchSize: samples a step.
  ///   - stepsPerEpoch: batches an epoch; nil for all the samples.
  ///   - shuffle: whether every pass takes the samples in an order of its own.
  ///   - validation: samples that are only measured.
  ///   - validationSteps: batches to validate on, from the first; nil for all.
  ///   - validationBatchSize: samples in each of them, on which no result depends where all are measured; nil for `batchSize`.
  ///   - callbacks: told of every epoch and batch, in their order.
  ///   - checkpoint: where to resume; the result is that of the checkpoint's training without interruption.
  ///     `epochs` counts those that are finished. Everything but `epochs` must be as it was.
  /// - Returns: what all epochs measured, `loss`, the metrics, and `val_…` with validation, and which one's head was restored.
  /// - Throws: ``TrainingError`` when something does not fit,
  ///   ``TrainingError/notFinite(epoch:step:loss:learningRate:)`` when the loss is not finite, in training or in validation or,
  ///   without validation, what the head says of a batch behind an epoch, and whatever a callback
  ///   throws.
  @discardableResult
  public mutating func fit(
    _ features: Tensor, _ labels: Labels, weights: [Float]? = nil, classWeights: ClassWeights? = nil,
    validation: Samples? = nil, epochs: Int = 1, batchSize: Int = 32, stepsPerEpoch: Int? = nil,
    validationSteps: Int? = nil, validationBatchSize: Int? = nil, shuffle: Bool = true,
    callbacks: [any TrainingCallback] = [], resuming checkpoint: TrainingCheckpoint? = nil
  ) throws -> History {
    try fit(
      SourcedSamples(features, labels, weights: weights), classWeights: classWeights,
      validation: validation.map { SourcedSamples($0) }, epochs: epochs, batchSize: batchSize,
      stepsPerEpoch: stepsPerEpoch, validationSteps: validationSteps,
      validationBatchSize: validationBatchSize, shuffle: shuffle, callbacks: callbacks, resuming: checkpoint)
  }

  /// The same on features that need not be in memory.
  package mutating func fit(
    _ given: SourcedSamples, classWeights: ClassWeights?, validation: SourcedSamples?, epochs: Int,
    batchSize: Int, stepsPerEpoch: Int?, validationSteps: Int?, validationBatchSize: Int?, shuffle: Bool,
    callbacks: [any TrainingCallback], resuming checkpoint: TrainingCheckpoint?
  ) throws -> History {
    try Self.check(
      epochs: epochs, batchSize: batchSize, stepsPerEpoch: stepsPerEpoch, validationSteps: validationSteps,
      validationBatchSize: validationBatchSize)
    var samples = given
    let count = try check(samples, batchSize)
    samples.weights = try Self.weights(of: samples, classWeights)
    let validationBatchSize = validationBatchSize ?? batchSize
    let validationCount = try validation.map { try check($0, validationBatchSize) }
    let fitting = try model.program.recomputation(rows: min(batchSize, count), within: batchMemory)
    let passes = Passes(count, batchSize, stepsPerEpoch, shuffle: shuffle)
    let conditions = FitConditions(
      self, samples, validation, batchSize: batchSize, stepsPerEpoch: passes.stepsPerEpoch,
      validationSteps: validationSteps, validationBatchSize: validationBatchSize, shuffle: shuffle)
    var run = Run(
      samples: samples, validation: validation, batchSize: batchSize, validationSteps: validationSteps,
      validationBatchSize: validationBatchSize, passes: passes, callbacks: callbacks, conditions: conditions,
      evaluator: Evaluator(model, loss, metrics),
      workspace: HeadWorkspace(model.program, recomputation: recomputation ?? fitting, pool: model.pool))
    if let checkpoint { run.progress = try resume(checkpoint, conditions, epochs: epochs, callbacks) }
    let plan = TrainingPlan(
      epochs: epochs, firstEpoch: run.progress.epoch, firstBatch: run.progress.batch,
      stepsPerEpoch: passes.stepsPerEpoch, samples: count, validationSamples: validationCount ?? 0,
      metrics: metrics)
    try begin(plan, callbacks, resuming: checkpoint)
    while run.progress.epoch < epochs, !stopsTraining || run.progress.batch > 0 { try runEpoch(&run) }
    for callback in callbacks { try callback.trainingEnded(&self) }
    return History(run.progress.epochs, restoredEpoch: restoredEpoch)
  }

  /// Lets callbacks begin, and remember what they did when the checkpoint was made.
  private mutating func begin(
    _ plan: TrainingPlan, _ callbacks: [any TrainingCallback], resuming checkpoint: TrainingCheckpoint?
  ) throws {
    (stopsTraining, logsLearningRate, requestsCheckpoint, restoredEpoch) = (false, false, false, nil)
    for callback in callbacks { try callback.trainingBegan(plan, &self) }
    guard let checkpoint else { return }
    try callbacks.restore(checkpoint.states, self)
    stopsTraining = checkpoint.isOver
  }

  private static func weights(of samples: SourcedSamples, _ classWeights: ClassWeights?) throws(TrainingError)
    -> [Float]?
  {
    guard let classWeights else { return samples.weights }
    guard samples.weights == nil else {
      throw .setting(name: "weights", expected: "of classes or of samples", found: "both")
    }
    return try classWeights.sampleWeights(of: samples.labels)
  }

  /// What stays the same, or is used again, from step to step.
  private struct Run {
    var samples: SourcedSamples
    let validation: SourcedSamples?
    let batchSize: Int
    let validationSteps: Int?
    let validationBatchSize: Int
    let passes: Passes
    let callbacks: [any TrainingCallback]
    let conditions: FitConditions
    let evaluator: Evaluator
    var workspace: HeadWorkspace
    var batch = Batch()
    /// Kept from step to step where gradients are clipped by their norm.
    var gradients: [[Float]] = []
    var progress = FitProgress()
  }

  /// One epoch, or what is left of it: all batches, and the validation.
  private mutating func runEpoch(_ run: inout Run) throws {
    let epoch = run.progress.epoch
    try beginEpoch(&run)
    try trainEpoch(&run)
    try checkParameters(run)
    var logs = run.progress.tally.logs
    if let validation = run.validation {
      let measured = try evaluate(
        validation, batchSize: run.validationBatchSize, steps: run.validationSteps)
      try check(run, loss: measured["loss"] ?? 0)
      logs.append(validation: measured)
    } else {
      try checkAnswers(run)
    }
    if logsLearningRate { logs.append("learning_rate", learningRate) }
    finishedEpochs += 1
    run.progress.finishEpoch(logs)
    for callback in run.callbacks { try callback.epochEnded(epoch, logs, &self) }
    try offerCheckpoint(run)
  }

  /// The loss of a step tells what the step before did: what the last one of an epoch did is looked at here.
  private func checkParameters(_ run: Run) throws(TrainingError) {
    let isWell = model.values.allSatisfy { $0.allSatisfy(\.isFinite) }
    try check(run, loss: isWell ? 0 : .nan)
  }

  /// Finite parameters may be so large that answers are not: without validation a batch shows that.
  private func checkAnswers(_ run: Run) throws(TrainingError) {
    guard !run.callbacks.contains(where: \.handlesInvalidLoss) else { return }
    let count = min(run.batchSize, run.samples.labels.count)
    let answers = try model.predictor(batchSize: count, samples: count)
      .answers(run.samples.features, upTo: count)
    try check(run, loss: answers.isFinite ? 0 : .nan)
  }

  /// Refuses a loss behind the last step of an epoch that is not finite, unless a callback deals with that.
  private func check(_ run: Run, loss: Double) throws(TrainingError) {
    guard loss.isFinite || run.callbacks.contains(where: \.handlesInvalidLoss) else {
      throw .notFinite(
        epoch: run.progress.epoch + 1, step: run.progress.batch, loss: loss, learningRate: learningRate)
    }
  }

  /// Lets callbacks begin an epoch, and takes its features; where that is cancelled, a checkpoint says where it began.
  private mutating func beginEpoch(_ run: inout Run) throws {
    let start = self
    if run.progress.batch == 0 {
      if headEpochs > 0, run.progress.epoch == headEpochs {
        state.restart(parameterCounts: model.program.trainableCounts)
        run.gradients = []
      }
      for callback in run.callbacks { try callback.epochBegan(run.progress.epoch, &self) }
    }
    guard let featuresOfEpoch else { return }
    do {
      run.samples.features = try featuresOfEpoch(finishedEpochs)
    } catch let error as CancellationError {
      self = start
      try makeCheckpoint(run)
      throw error
    }
  }

  private mutating func trainEpoch(_ run: inout Run) throws {
    let batches = run.passes.batches(ofEpoch: finishedEpochs, seed: seed)
    for (batch, indices) in batches.enumerated().dropFirst(run.progress.batch) where !stopsTraining {
      let step = try trainStep(indices, &run)
      guard step.meanLoss.isFinite || run.callbacks.contains(where: \.handlesInvalidLoss) else {
        throw TrainingError.notFinite(
          epoch: run.progress.epoch + 1, step: batch + 1, loss: step.meanLoss, learningRate: learningRate)
      }
      run.progress.tally.add(step)
      run.progress.batch = batch + 1
      let logs = run.progress.tally.runningLogs()
      for callback in run.callbacks { try callback.batchEnded(batch, logs, &self) }
      try offerCheckpoint(run)
    }
  }

  /// Makes a checkpoint when a callback asked for one.
  private mutating func offerCheckpoint(_ run: Run) throws {
    guard requestsCheckpoint else { return }
    requestsCheckpoint = false
    try makeCheckpoint(run)
  }

  private mutating func makeCheckpoint(_ run: Run) throws {
    let checkpoint = try TrainingCheckpoint(self, run.progress, run.conditions, run.callbacks)
    for callback in run.callbacks { try callback.checkpointMade(checkpoint, &self) }
  }

  /// One batch: forward, loss, backward, with every parameter updated as soon as its gradient is known.
  private mutating func trainStep(_ indices: ArraySlice<Int>, _ run: inout Run) throws(TrainingError) -> Tally
  {
    let dropout = Seeds.derive(seed, "step", state.iterations)
    let isHeadAlone = run.progress.epoch < headEpochs
    let pass: Pass = isHeadAlone ? .trainingHead(dropout: dropout) : .training(dropout: dropout)
    try run.workspace.load(run.samples.features, indices, sources: model.program.sourceCount)
    run.batch.load(run.samples.labels, run.samples.weights, indices, run.evaluator)
    model.program.forward(model.values, &run.workspace, pass)
    let penalty = model.program.penalty(model.values, headAlone: isHeadAlone)
    let tally = run.evaluator.evaluate(&run.workspace, run.batch, penalty: penalty)
    guard tally.meanLoss.isFinite else { return tally }
    model.program.moveAverages(&model.values, run.workspace)
    state.beginStep()
    let last = run.evaluator.logits
    if let clipping = optimizer.clipping, clipping.needsWholeGradients {
      var collector = GradientCollector(reusing: &run.gradients, model, headAlone: isHeadAlone)
      model.program.backward(&model.values, &run.workspace, from: last, pass, into: &collector)
      clipping.apply(collector.gradients, &state, &model.values)
      run.gradients = collector.gradients
    } else {
      model.program.backward(&model.values, &run.workspace, from: last, pass, into: &state)
    }
    return tally
  }
}

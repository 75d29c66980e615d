/// What batches add up to: the sums behind an epoch's means, weighted by samples as Keras does.
struct Tally: Codable, Sendable {
  private var samples = 0
  private var loss = 0.0
  private var metrics: MetricTally?

  init() {}

  init(samples: Int, loss: Double, metrics: MetricTally) {
    (self.samples, self.loss, self.metrics) = (samples, loss, metrics)
  }

  mutating func add(_ other: Tally) {
    samples += other.samples
    loss += other.loss
    guard let more = other.metrics else { return }
    if metrics == nil { metrics = more } else { metrics?.add(more) }
  }

  var meanLoss: Double { loss / Double(samples) }

  /// Everything that was measured.
  var logs: Logs { logs(metrics?.values) }

  /// The same between two batches, at little cost: the area under a curve is an estimate.
  mutating func runningLogs() -> Logs { logs(metrics?.runningValues()) }

  /// In the order of Keras 3: by name.
  private func logs(_ metrics: [(name: String, value: Double)]?) -> Logs {
    Logs(([("loss", meanLoss)] + (metrics ?? [])).sorted { $0.0 < $1.0 })
  }
}

/// What the samples of a batch are, and how much each counts.
struct Batch {
  /// `[rows, outputs]`
  private(set) var targets: [Float] = []
  /// `[rows]`, or empty where all count alike.
  private(set) var weights: [Float] = []

  /// Takes the labels and weights of the samples at `indices`.
  mutating func load(
    _ labels: Labels, _ all: [Float]?, _ indices: some Collection<Int>, _ evaluator: Evaluator
  ) {
    labels.load(indices, width: evaluator.width, isMargin: evaluator.loss.isMargin, into: &targets)
    guard let all else { return }
    weights.resize(to: 0)
    for index in indices { weights.append(all[index]) }
  }
}

/// Applies loss and metrics to a batch that went through the head.
struct Evaluator {
  let loss: Loss
  /// The number of outputs per sample.
  let width: Int
  /// The value the loss reads: logits.
  let logits: Int
  private let outputs: Int
  private let reading: MetricTally.Reading

  init(_ model: HeadModel, _ loss: Loss, _ metrics: [Metric]) {
    self.loss = loss
    width = model.outputCount
    reading = MetricTally.Reading(
      metrics: metrics, width: width, threshold: loss.threshold,
      isMultiLabel: width > 1 && loss.kind == .binaryCrossEntropy)
    outputs = model.program.outputValue
    logits = loss.readsLogits ? outputs - 1 : outputs
  }

  /// Measures the batch in `workspace` and leaves the mean loss's gradient by the logits there.
  ///
  /// - Parameter penalty: what the parameters cost, whatever the batch.
  func evaluate(_ workspace: inout HeadWorkspace, _ batch: Batch, penalty: Double) -> Tally {
    var gradient = workspace.take(logits)
    let (inputs, results) = (workspace.values[logits], workspace.values[outputs])
    var target = gradient.mutableSpan
    let tally = evaluate(inputs.span, results.span, batch, penalty: penalty, gradient: &target)
    swap(&gradient, &workspace.gradients[logits])
    return tally
  }

  /// Measures samples `start` and on of those that a head has answered for, as many as the batch has.
  func evaluate(_ answers: HeadAnswers, from start: Int, _ batch: Batch, penalty: Double) -> Tally {
    let range = start * width..<start * width + batch.targets.count
    let scores = loss.readsLogits ? answers.scores.span : answers.outputs.span
    var none: [Float] = []
    var gradient = none.mutableSpan
    return evaluate(
      scores.extracting(range), answers.outputs.span.extracting(range), batch, penalty: penalty,
      gradient: &gradient)
  }

  private func evaluate(
    _ scores: Span<Float>, _ outputs: Span<Float>, _ batch: Batch, penalty: Double,
    gradient: inout MutableSpan<Float>
  ) -> Tally {
    let sum = loss.sum(
      scores, targets: batch.targets.span, weights: batch.weights.span, width: width, gradient: &gradient)
    let samples = batch.targets.count / width
    var metrics = MetricTally(reading)
    metrics.add(outputs, batch.targets.span)
    return Tally(samples: samples, loss: sum + penalty * Double(samples), metrics: metrics)
  }
}

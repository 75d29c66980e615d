/// What batches add up to: the sums behind an epoch's means, weighted by samples as Keras does.
struct Tally {
  private var samples = 0
  private var loss = 0.0
  private var correct = 0

  init() {}

  init(samples: Int, loss: Double, correct: Int) {
    self.samples = samples
    self.loss = loss
    self.correct = correct
  }

  mutating func add(_ other: Tally) {
    samples += other.samples
    loss += other.loss
    correct += other.correct
  }

  var meanLoss: Double { loss / Double(samples) }

  var logs: Logs {
    var logs = Logs()
    logs.append("loss", meanLoss)
    logs.append("accuracy", Double(correct) / Double(samples))
    return logs
  }
}

/// Applies loss and metrics to a batch that went through the head.
struct Judge {
  private let loss: Loss
  /// The number of outputs per sample.
  let width: Int
  /// The value the loss reads: logits.
  let logits: Int
  private let outputs: Int

  init(_ model: HeadModel, _ loss: Loss) {
    self.loss = loss
    width = model.outputCount
    outputs = model.program.steps.count
    logits = loss.fromLogits ? outputs : outputs - 1
  }

  /// Measures the batch and, when asked, leaves the mean loss's gradient by the logits in the workspace.
  func judge(_ workspace: inout HeadWorkspace, _ targets: [Float], withGradient: Bool) -> Tally {
    var gradient: [Float] = []
    if withGradient { swap(&gradient, &workspace.gradients[logits]) }
    let inputs = workspace.values[logits]
    let results = workspace.values[outputs]
    var target = gradient.mutableSpan
    let sum = loss.sum(logits: inputs.span, targets: targets.span, width: width, gradient: &target)
    let correct = Accuracy.correct(
      results.span, targets.span, width: width, threshold: loss.fromLogits ? 0 : 0.5)
    if withGradient { swap(&gradient, &workspace.gradients[logits]) }
    return Tally(samples: workspace.rows, loss: sum, correct: correct)
  }
}

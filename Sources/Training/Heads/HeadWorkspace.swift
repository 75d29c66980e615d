import Kernels
import Randomness
import Tensors

/// What one batch needs while it passes through a head: the values between the steps.
struct HeadWorkspace {
  /// Before every step, and after the last; `[rows, width]` each.
  var values: [[Float]]
  /// The gradients by `values`; empty where none is needed.
  var gradients: [[Float]]
  /// What every step keeps for the way back, besides values.
  var kept: [(any Sendable)?]
  /// The samples of the batch.
  private(set) var rows: Int
  private let widths: [Int]
  private let firstGradient: Int

  /// The threads that multiply.
  let pool: ThreadPool

  /// Makes room for batches of `rows` samples.
  init(_ program: HeadProgram, rows: Int, training: Bool, pool: ThreadPool) {
    self.rows = rows
    self.pool = pool
    widths = program.widths
    let first = training ? program.firstTrainable + 1 : program.widths.count
    firstGradient = first
    kept = [(any Sendable)?](repeating: nil, count: program.steps.count)
    values = program.widths.map { [Float](repeating: 0, count: rows * $0) }
    gradients = program.widths.enumerated().map { index, width in
      [Float](repeating: 0, count: index >= first ? rows * width : 0)
    }
  }

  /// Makes every value hold `count` rows; memory is kept for the next full batch.
  private mutating func resize(rows count: Int) {
    guard count != rows else { return }
    rows = count
    for (index, width) in widths.enumerated() {
      values[index].resize(to: count * width)
      if index >= firstGradient { gradients[index].resize(to: count * width) }
    }
  }

  /// Puts samples of `features` into the first value, in the order of `indices`.
  mutating func load(_ features: any SampleRows, _ indices: some Collection<Int>) throws(TrainingError) {
    resize(rows: indices.count)
    let width = widths[0]
    var target = values[0].mutableSpan
    var row = 0
    for index in indices {
      try features.read(index, into: &target, at: row * width)
      row += 1
    }
  }
}

extension [Float] {
  /// Drops elements at the end or adds zeros, without giving memory back.
  mutating func resize(to newCount: Int) {
    if newCount < count {
      removeLast(count - newCount)
    } else {
      append(contentsOf: repeatElement(0, count: newCount - count))
    }
  }
}

/// Why a batch passes through a head.
enum Pass: Hashable, Sendable {
  /// To be evaluated: dropout is the identity, batch normalisation goes by its moving averages.
  case inference
  /// To be learnt from: batch normalisation goes by the batch, and dropout draws with a seed where it has one.
  case training(dropout: UInt64?)

  /// The generator of the dropout that is step `index`; nil where it is the identity.
  func dropout(_ index: Int) -> SplitMix64? {
    guard case .training(let seed?) = self else { return nil }
    return SplitMix64(seed: Seeds.derive(seed, "dropout", index))
  }
}

extension HeadWorkspace {
  /// The batch as step `index` sees it.
  func batch(_ pass: Pass, _ index: Int) -> StepBatch {
    StepBatch(
      samples: rows, pool: pool, isTraining: pass != .inference, dropout: pass.dropout(index))
  }

  /// What the way forward left behind at step `index`.
  func record(_ pass: Pass, _ index: Int) -> StepRecord {
    StepRecord(
      input: values[index], output: values[index + 1], gradient: gradients[index + 1], kept: kept[index],
      batch: batch(pass, index))
  }
}

extension HeadProgram {
  /// Runs the steps over the batch in `workspace.values[0]`.
  func forward(_ parameters: [[Float]], _ workspace: inout HeadWorkspace, _ pass: Pass) {
    for (index, step) in steps.enumerated() {
      var target: [Float] = []
      swap(&target, &workspace.values[index + 1])
      let input = workspace.values[index]
      var output = target.mutableSpan
      workspace.kept[index] = step.forward(
        input.span, into: &output, parameters, workspace.batch(pass, index))
      swap(&target, &workspace.values[index + 1])
    }
  }

  /// Moves all moving averages towards what the batch in `workspace` measured.
  func moveAverages(_ parameters: inout [[Float]], _ workspace: HeadWorkspace) {
    for (step, kept) in zip(steps, workspace.kept) { step.moveAverages(&parameters, kept: kept) }
  }
}

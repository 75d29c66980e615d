import Kernels
import Randomness
import Tensors

/// What one batch needs while it passes through a program: the values between the steps.
struct HeadWorkspace {
  /// The features, and what every step wrote, `[rows, width]` each; empty where nothing is, or is needed any more.
  private(set) var values: [[Float]]
  /// The gradients by `values`; empty where there is none, or none any more.
  var gradients: [[Float]]
  /// What every step keeps for the way back, besides values.
  private var kept: [(any Sendable)?]
  /// The samples of the batch.
  private(set) var rows = 0
  private let widths: [Int]
  private let retention: ValueRetention
  /// Whether there is a way back.
  private let goesBack: Bool
  /// Memory to be taken again.
  private var free: [[Float]] = []

  /// The threads that multiply.
  let pool: ThreadPool
  /// Memory that steps take turns in.
  fileprivate let memory = TrainingMemory()

  /// - Parameter recomputation: what does not stay for the way back; nil where there is none.
  init(_ program: HeadProgram, recomputation: Recomputation? = .nothing, pool: ThreadPool) {
    self.pool = pool
    goesBack = recomputation != nil
    retention = recomputation.map(program.retention) ?? program.retentionForInference
    widths = program.widths
    kept = [(any Sendable)?](repeating: nil, count: program.steps.count)
    values = program.widths.map { _ in [] }
    gradients = values
  }

  /// Memory for one value of the batch; what is in it means nothing.
  mutating func take(_ value: Int) -> [Float] {
    let count = rows * widths[value]
    let fitting = free.indices.filter { free[$0].capacity >= count }
      .min { free[$0].capacity < free[$1].capacity }
    guard let fitting else { return [Float](repeating: 0, count: count) }
    var memory: [Float] = []
    swap(&memory, &free[fitting])
    free.remove(at: fitting)
    memory.resize(to: count)
    return memory
  }

  /// Gives memory back that nobody else has.
  mutating func give(_ memory: consuming [Float]) {
    if !memory.isEmpty { free.append(memory) }
  }

  mutating func giveValue(_ value: Int) {
    var memory: [Float] = []
    swap(&memory, &values[value])
    give(memory)
  }

  mutating func giveGradient(_ value: Int) {
    var memory: [Float] = []
    swap(&memory, &gradients[value])
    give(memory)
  }

  /// The memory of a value that is to be written: its own of the last batch, else any.
  private mutating func room(_ value: Int) -> [Float] {
    var memory: [Float] = []
    swap(&memory, &values[value])
    if memory.isEmpty { return take(value) }
    memory.resize(to: rows * widths[value])
    return memory
  }

  /// Puts samples of `features` into the first values, in the order of `indices`.
  mutating func load(
    _ features: any SampleRows, _ indices: some Collection<Int>, sources: Int
  ) throws(TrainingError) {
    rows = indices.count
    let width = widths[..<sources].reduce(0, +)
    var memory = sources == 1 ? room(0) : [Float](repeating: 0, count: rows * width)
    var target = memory.mutableSpan
    for (row, index) in indices.enumerated() { try features.read(index, into: &target, at: row * width) }
    if sources == 1 {
      swap(&memory, &values[0])
    } else {
      load(memory.span, 0..<rows, sources: sources)
    }
  }

  /// The same of samples that are rows of elements, one source after the other.
  mutating func load(_ features: Span<Float>, _ indices: some Collection<Int>, sources: Int) {
    rows = indices.count
    let width = widths[..<sources].reduce(0, +)
    var start = 0
    for source in 0..<sources {
      var memory = room(source)
      var target = memory.mutableSpan
      for (row, index) in indices.enumerated() {
        let first = index * width + start
        Rows.copy(
          features.extracting(first..<first + widths[source]), into: &target, at: row * widths[source])
      }
      swap(&memory, &values[source])
      start += widths[source]
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

extension HeadWorkspace {
  /// Writes the output of step `index` over the batch.
  fileprivate mutating func run(
    _ step: any DifferentiableStep, _ index: Int, reading inputs: [Int], writing output: Int,
    _ parameters: [[Float]], _ batch: StepBatch, isAgain: Bool = false
  ) {
    var target = room(output)
    let read = inputs.map { values[$0] }
    var span = target.mutableSpan
    let found = step.forward(read, into: &span, parameters, batch)
    // What was kept stays where a value is computed again.
    if kept[index] == nil || !isAgain { kept[index] = found }
    swap(&target, &values[output])
  }

  fileprivate mutating func giveValues(behind index: Int) {
    if !goesBack { kept[index] = nil }
    for value in retention.released[index] { giveValue(value) }
  }

  /// What the way forward left behind at step `index`, which read `inputs`.
  func record(_ index: Int, reading inputs: [Int], writing output: Int, _ batch: StepBatch) -> StepRecord {
    let read = inputs.map { values[$0] }
    return StepRecord(
      inputs: read, input: read[0], output: values[output], gradient: gradients[output], kept: kept[index],
      batch: batch)
  }

  fileprivate func keptByStep(_ index: Int) -> (any Sendable)? { kept[index] }
}

extension HeadProgram {
  /// Runs the steps over the batch in the first values of `workspace`.
  func forward(_ parameters: [[Float]], _ workspace: inout HeadWorkspace, _ pass: Pass) {
    for (index, step) in steps.enumerated() {
      workspace.run(
        step, index, reading: inputs[index], writing: sourceCount + index, parameters,
        batch(workspace, pass, index))
      workspace.giveValues(behind: index)
    }
  }

  /// Computes what the way back reads at step `index` again, where it did not stay, with all that takes.
  func restore(
    readBackwardBy index: Int, _ parameters: [[Float]], _ workspace: inout HeadWorkspace, _ pass: Pass
  ) {
    for value in readBackward(by: index) { restore(value, parameters, &workspace, pass) }
  }

  private func restore(
    _ value: Int, _ parameters: [[Float]], _ workspace: inout HeadWorkspace, _ pass: Pass
  ) {
    guard value >= sourceCount, workspace.values[value].isEmpty else { return }
    let index = value - sourceCount
    for input in inputs[index] { restore(input, parameters, &workspace, pass) }
    workspace.run(
      steps[index], index, reading: inputs[index], writing: value, parameters, batch(workspace, pass, index),
      isAgain: true)
  }

  /// Moves all moving averages towards what the batch in `workspace` measured.
  func moveAverages(_ parameters: inout [[Float]], _ workspace: HeadWorkspace) {
    for (index, step) in steps.enumerated() {
      step.moveAverages(&parameters, kept: workspace.keptByStep(index))
    }
  }

  /// The batch as step `index` sees it.
  func batch(_ workspace: HeadWorkspace, _ pass: Pass, _ index: Int) -> StepBatch {
    let isTraining = pass.isTraining && (index >= headStart || pass.reachesBackbone)
    return StepBatch(
      samples: workspace.rows, pool: workspace.pool, memory: workspace.memory, isTraining: isTraining,
      dropout: isTraining ? pass.dropout(index) : nil)
  }
}

/// Why a batch passes through a head.
enum Pass: Hashable, Sendable {
  /// To be evaluated: dropout is the identity, batch normalisation goes by its moving averages.
  case inference
  /// To be learnt from: batch normalisation goes by the batch, and dropout draws with a seed where it has one.
  case training(dropout: UInt64?)
  /// To be learnt from by the head alone: a backbone before it is as it is when it is evaluated.
  case trainingHead(dropout: UInt64?)

  var isTraining: Bool { self != .inference }

  /// Whether the part of a backbone that is there learns, too.
  var reachesBackbone: Bool { if case .trainingHead = self { false } else { true } }

  /// The generator of the dropout that is step `index`; nil where it is the identity.
  func dropout(_ index: Int) -> SplitMix64? {
    switch self {
    case .training(let seed?), .trainingHead(let seed?):
      SplitMix64(seed: Seeds.derive(seed, "dropout", index))
    case .inference, .training(nil), .trainingHead(nil): nil
    }
  }
}

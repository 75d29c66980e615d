import Machine

/// What of a batch's values does not stay for the way back, but is computed again when that comes to it.
package enum Recomputation: Int, CaseIterable, Sendable {
  /// Nothing that is needed.
  case nothing
  /// What is made without weights' products: normalisations, activations. A few hundredths more time.
  case cheapValues
  /// All but the ends of blocks, which several layers read: a forward pass more.
  case blocks
}

/// Which values of a batch stay from when they are made until the way back has passed them.
struct ValueRetention: Sendable {
  /// One a value.
  let stays: [Bool]
  /// Behind each step the values that no later one reads, and that do not stay.
  let released: [[Int]]
}

extension HeadProgram {
  /// What stays for the way back.
  func retention(_ recomputation: Recomputation) -> ValueRetention {
    let needed = valuesReadBackward
    let ends = blockEnds
    let stays = widths.indices.map { value in
      guard needed[value], value >= sourceCount else { return needed[value] }
      return switch recomputation {
      case .nothing: true
      case .cheapValues: steps[value - sourceCount].multipliesWeights || ends.contains(value)
      case .blocks: ends.contains(value)
      }
    }
    return ValueRetention(stays: stays, released: released { !stays[$0] })
  }

  /// No value stays for a way back: there is none.
  var retentionForInference: ValueRetention {
    ValueRetention(stays: widths.map { _ in false }, released: released { _ in true })
  }

  /// For every step the values that no later one reads, of those that `mayGo`; the output and what goes into the last step stay.
  private func released(where mayGo: (Int) -> Bool) -> [[Int]] {
    var last: [Int: Int] = [:]
    for (index, values) in inputs.enumerated() { for value in values { last[value] = index } }
    let kept = Set([outputValue] + (inputs.last ?? []))
    var result = [[Int]](repeating: [], count: steps.count)
    for (value, index) in last where !kept.contains(value) && mayGo(value) { result[index].append(value) }
    return result.map { $0.sorted() }
  }

  /// Whether the way back reads a value.
  private var valuesReadBackward: [Bool] {
    var result = widths.map { _ in false }
    for (index, step) in steps.enumerated() {
      if step.backwardReads.contains(.inputs) { for value in inputs[index] { result[value] = true } }
      if step.backwardReads.contains(.output) { result[sourceCount + index] = true }
    }
    return result
  }

  /// The values that several steps read; between them, where many products follow each other, one every so often.
  private var blockEnds: Set<Int> {
    var readers = widths.map { _ in 0 }
    for values in inputs { for value in Set(values) { readers[value] += 1 } }
    let products = steps.count { $0.multipliesWeights }
    let length = Int(Double(products).squareRoot().rounded(.up))
    var (result, since) = (Set<Int>(), 0)
    for (index, step) in steps.enumerated() {
      if step.multipliesWeights { since += 1 }
      guard readers[sourceCount + index] > 1 || since >= length else { continue }
      result.insert(sourceCount + index)
      since = 0
    }
    return result
  }

  /// Elements per sample of all values and gradients that are there at a time, at most, in a step of training.
  func mostElements(_ recomputation: Recomputation) -> Int {
    var batch = ImaginedBatch(self, retention(recomputation))
    batch.goForward()
    batch.goBackward()
    return batch.most
  }
}

/// A batch's way through a program of which only sizes are known.
private struct ImaginedBatch {
  private let program: HeadProgram
  private let retention: ValueRetention
  private var values: Set<Int> = []
  private var gradients: Set<Int> = []
  private var sum = 0
  private(set) var most = 0

  init(_ program: HeadProgram, _ retention: ValueRetention) {
    (self.program, self.retention) = (program, retention)
    for source in 0..<program.sourceCount { take(source, \.values) }
  }

  private mutating func take(_ value: Int, _ place: WritableKeyPath<Self, Set<Int>>) {
    guard self[keyPath: place].insert(value).inserted else { return }
    sum += program.widths[value]
    most = max(most, sum)
  }

  private mutating func give(_ value: Int, _ place: WritableKeyPath<Self, Set<Int>>) {
    if self[keyPath: place].remove(value) != nil { sum -= program.widths[value] }
  }

  mutating func goForward() {
    for index in program.steps.indices {
      take(program.sourceCount + index, \.values)
      for value in retention.released[index] { give(value, \.values) }
    }
  }

  mutating func goBackward() {
    take(program.outputValue, \.gradients)
    let first = program.sourceCount
    for index in program.steps.indices.reversed() where program.needsGradient[first + index] {
      for value in program.readBackward(by: index) { restore(value) }
      for value in program.inputs[index] where program.needsGradient[value] {
        take(value, \.gradients)
        // One more is made apart and added, where several steps read a value.
        most = max(most, sum + program.widths[value])
      }
      give(first + index, \.gradients)
      give(first + index, \.values)
    }
  }

  private mutating func restore(_ value: Int) {
    guard value >= program.sourceCount, !values.contains(value) else { return }
    for input in program.inputs[value - program.sourceCount] { restore(input) }
    take(value, \.values)
  }
}

extension HeadModel {
  /// The most bytes that values and gradients of a batch take; nil for more than can be counted.
  package func batchBytes(rows: Int, _ recomputation: Recomputation) -> Int? {
    MemoryLimit.product(program.mostElements(recomputation), rows, MemoryLayout<Float>.size)
  }
}

extension HeadProgram {
  /// The values that the way back reads at a step.
  func readBackward(by index: Int) -> [Int] {
    let reads = steps[index].backwardReads
    return (reads.contains(.inputs) ? inputs[index] : [])
      + (reads.contains(.output) ? [sourceCount + index] : [])
  }
}

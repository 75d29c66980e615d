import Kernels
import Synchronization

/// Packing of the weights of many steps at a time: the largest first, so that no thread is left with one.
extension StepBuilder {
  /// The steps of all nodes, in the order in which they run; `packingLate` leaves large weights to be packed later.
  ///
  /// - Throws: for the first step in that order whose weights must not be used.
  func steps(on pool: ThreadPool, packingLate: Bool) throws -> [PlannedStep] {
    let steps = graph.order.enumerated().flatMap { index, node in
      self.steps(of: node).map { step in
        var step = step
        step.memoryEnd = arena.end(during: index)
        return step
      }
    }
    let sizes = steps.map(\.unpackedWeights)
    let tasks = steps.indices
      .filter { sizes[$0] > 0 && !(packingLate && AlgorithmChoice.packsLate(byteCount: sizes[$0])) }
      .sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let results = Mutex(steps.map { Result<PlannedStep, any Error>.success($0) })
    pool.forEach(tasks.count) { task, _ in
      let index = tasks[task]
      let result = Result { try steps[index].packed(Packing(pool: .single)) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.map { try $0.get() }
  }
}

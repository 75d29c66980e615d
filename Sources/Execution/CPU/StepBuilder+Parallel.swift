import Kernels
import Machine
import Synchronization

/// Packing of the weights of many steps at a time: the largest first, so that no thread is left with one.
extension StepBuilder {
  /// The steps of the nodes at some places in the order in which they run. For as few images as are worked on at a time
  /// large weights are left to be packed later.
  ///
  /// - Throws: for the first step in that order whose weights must not be used.
  func steps(of places: Range<Int>, on pool: ThreadPool) throws -> [CPUStep] {
    let slice = AlgorithmChoice.sliceImages(bytesPerImage: arena.size)
    let packingLate = parameters.kernelsAreFloats && images ?? .max <= slice
    let steps = places.flatMap { index in
      self.steps(of: graph.order[index]).map { step in
        var step = step
        step.memoryEnd = arena.end(during: index)
        return step
      }
    }
    let sizes = steps.map(\.unpackedWeights)
    let tasks = steps.indices
      .filter { sizes[$0] > 0 && !(packingLate && AlgorithmChoice.packsLate(byteCount: sizes[$0])) }
      .sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    try ExecutionError.taking { () throws(MemoryShortage) in
      try MemoryLimit.check(tasks.reduce(0) { $0 + sizes[$1] })
    }
    let results = Mutex(steps.map { Result<CPUStep, any Error>.success($0) })
    pool.forEach(tasks.count) { task, _ in
      let index = tasks[task]
      let result = Result { try steps[index].packed() }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.map { try $0.get() }
  }
}

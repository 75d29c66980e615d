import CKernels

/// What this machine's multiply-add units can do when nothing else holds them up.
package enum MachinePeak {
  /// Floating-point operations a second on `threads` threads at once: the best of a few short measurements.
  package static func operationsPerSecond(
    pool: ThreadPool = .shared, variant: KernelVariant = .preferred
  ) -> Double {
    let table = unsafe variant.table
    let threads = pool.threadCount
    let sinks = FloatBuffer(count: threads * 16)
    let operationsPerRound = unsafe table.measure_peak(1, sinks.pointer(0..<1))
    let shortest = (0..<8).map { _ in
      ContinuousClock().measure {
        pool.forEach(threads) { task, _ in
          _ = unsafe table.measure_peak(rounds, sinks.pointer(task * 16..<task * 16 + 1))
        }
      }
    }.min()
    guard let components = shortest?.components else { return 0 }
    let seconds = Double(components.seconds) + Double(components.attoseconds) * 1e-18
    return Double(threads * rounds * operationsPerRound) / seconds
  }

  private static let rounds = 1_000_000
}

import CKernels

/// What this machine's multiply-add units can do when nothing else holds them up.
package enum MachinePeak {
  /// Floating-point operations a second on `threads` threads at once: the best of many short measurements,
  /// spread over a quarter of a second, so that other work in the meantime does not pass for a slow machine.
  package static func operationsPerSecond(
    pool: ThreadPool = .shared, variant: KernelVariant = .preferred
  ) -> Double {
    let table = unsafe variant.table
    let threads = pool.threadCount
    let sinks = ByteBuffer(counted: threads * 64)
    let operationsPerRound = unsafe table.measure_peak(1, sinks.floats(count: 1))
    let shortest = (0..<measurements).map { _ in
      ContinuousClock().measure {
        pool.forEach(threads) { task, _ in
          _ = unsafe table.measure_peak(rounds, sinks.floats(at: task * 64, count: 1))
        }
      }
    }.min()
    guard let components = shortest?.components else { return 0 }
    let seconds = Double(components.seconds) + Double(components.attoseconds) * 1e-18
    return Double(threads * rounds * operationsPerRound) / seconds
  }

  private static let measurements = 64
  private static let rounds = 1_000_000
}

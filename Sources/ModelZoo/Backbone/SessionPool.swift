import Dispatch
import Execution
import Foundation
import Kernels
import Synchronization
import Tensors

/// The sessions of a plan, made when they are needed and used again: any number of threads may ask at a time.
///
/// As many run at a time as there are processors, whoever comes later waits; a few of those that have nothing to do keep
/// their memory.
package final class SessionPool: Sendable {
  private static let idleLimit = 2

  private let plan: Plan
  private let threads: ThreadPool
  private let idle = Mutex<[Session]>([])
  private let turns = DispatchSemaphore(value: max(2, ProcessInfo.processInfo.activeProcessorCount))

  init(_ plan: Plan, on threads: ThreadPool) { (self.plan, self.threads) = (plan, threads) }

  /// The features `[N] + plan.outputShape` of inputs `[N] + plan.inputShape`.
  func run(_ inputs: Tensor) throws -> Tensor { try runAll(inputs)[0] }

  /// All outputs of the plan for inputs `[N] + plan.inputShape`, each with N in front of its shape.
  func runAll(_ inputs: Tensor) throws -> [Tensor] {
    turns.wait()
    defer { turns.signal() }
    let session = try idle.withLock { $0.popLast() } ?? Session(plan, pool: threads)
    defer {
      idle.withLock { idle in
        if idle.count < Self.idleLimit { idle.append(session) }
      }
    }
    return try session.runAll(inputs)
  }

  /// How many sessions wait to be used again.
  package var idleCount: Int { idle.withLock(\.count) }
}

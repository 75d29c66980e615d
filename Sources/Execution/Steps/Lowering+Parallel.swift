import Kernels
import Synchronization

/// Lowering of all nodes at a time: the nodes with the most weights first, so that no thread is left with one.
extension Lowering {
  /// The steps of all nodes, in the order in which they run.
  ///
  /// - Throws: for the first node in that order whose weights must not be used.
  func steps(on pool: ThreadPool) throws -> [PlannedStep] {
    let order = draft.order
    let sizes = order.map { draft.parameters.kernelByteCount(layer(of: $0)) }
    let tasks = order.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    let results = Mutex([Result<[PlannedStep], any Error>?](repeating: nil, count: order.count))
    pool.forEach(tasks.count) { task, _ in
      let index = tasks[task]
      let node = order[index]
      let result = Result { try draft.parameters.withKernels(of: layer(of: node)) { steps(of: node) } }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
  }

  /// The layer whose kernels a node applies; empty where it applies none.
  private func layer(of node: Int) -> String {
    switch draft.nodes[node].work {
    case .convolution(let linear), .separable(let linear, _): linear.layer
    default: ""
    }
  }
}

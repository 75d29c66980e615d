extension DataflowGraph {
  /// Leaves zeros around an image to the windows of its readers, if all have one and no padding of their own.
  mutating func leaveZerosToWindows() {
    for node in order where !outputs.contains(node) {
      guard case .pad(let zeros) = nodes[node].work else { continue }
      let readers = readers(of: node)
      var works: [Int: Work] = [:]
      for reader in readers where nodes[reader].residual != node {
        works[reader] = nodes[reader].work.reachingOverZeros(zeros)
      }
      guard works.count == readers.count else { continue }
      for (reader, work) in works { self[reader].work = work }
      replace(node, with: nodes[node].inputs[0])
    }
  }
}

import Catalog

extension DataflowGraph {
  /// Makes activations the last act of what comes before them, or the first of what comes after them.
  mutating func fuseActivations() {
    for node in order where nodes[node].isActivation {
      if !fuseIntoSource(node) { fuseIntoReaders(node) }
    }
  }

  private mutating func fuseIntoSource(_ node: Int) -> Bool {
    let source = nodes[node].inputs[0]
    guard nodes[source].work.takesActivation, isOnlyReader(node, of: source),
      let both = nodes[source].tail.activation.followed(by: nodes[node].tail.activation)
    else { return false }
    self[source].tail.activation = both
    self[source].layers += nodes[node].layers
    replace(node, with: source)
    return true
  }

  private mutating func fuseIntoReaders(_ node: Int) {
    let activation = nodes[node].tail.activation
    guard activation.isClamp, !outputs.contains(node) else { return }
    let readers = readers(of: node)
    var works: [Int: Work] = [:]
    for reader in readers where nodes[reader].operands.contains(node) && nodes[reader].residual != node {
      works[reader] = nodes[reader].work.applyingToInput(activation)
    }
    guard works.count == readers.count else { return }
    for (reader, work) in works { self[reader].work = work }
    replace(node, with: nodes[node].inputs[0])
  }
}

extension Node {
  /// Whether it does nothing but apply an activation.
  fileprivate var isActivation: Bool {
    guard case .elementwise = work else { return false }
    return tail.affine == nil && tail.activation != .linear
  }
}

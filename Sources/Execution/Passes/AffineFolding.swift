extension DataflowGraph {
  /// Multiplies batch normalisations into the convolutions before them, and into each other.
  mutating func foldAffineFunctions() {
    for node in order {
      guard case .elementwise = nodes[node].work, let affine = nodes[node].tail.affine else { continue }
      let source = nodes[node].inputs[0]
      guard nodes[source].work.takesAffine, nodes[source].tail.takesAffine, isOnlyReader(node, of: source)
      else {
        continue
      }
      self[source].tail.affine = nodes[source].tail.affine?.followed(by: affine) ?? affine
      self[source].tail.activation = nodes[node].tail.activation
      self[source].layers += nodes[node].layers
      replace(node, with: source)
    }
  }
}

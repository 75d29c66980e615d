extension DataflowGraph {
  /// Takes out what sees the same elements as the same size: `[C]` as `[1, 1, C]`.
  mutating func removeReshapes() {
    for node in order {
      guard case .reshape = nodes[node].work else { continue }
      let source = nodes[node].inputs[0]
      guard nodes[source].size == nodes[node].size else { continue }
      self[source].layers += nodes[node].layers
      replace(node, with: source)
    }
  }
}

extension DataflowGraph {
  /// Makes an addition the last act but one of the convolution that ends last among those it adds.
  mutating func fuseSums() {
    for node in order {
      guard case .sum = nodes[node].work, let term = termToFuse(into: node) else { continue }
      var others = nodes[node].inputs.filter { $0 != term }
      self[term].inputs.append(others.removeFirst())
      self[term].tail.addsResidual = true
      self[term].layers += nodes[node].layers
      move(term, before: node)
      if others.isEmpty {
        self[term].tail.activation = nodes[node].tail.activation
        replace(node, with: term)
      } else {
        self[node].inputs = [term] + others
      }
    }
  }

  private func termToFuse(into sum: Int) -> Int? {
    let candidates = Set(
      nodes[sum].inputs.filter {
        nodes[$0].work.takesResidual && nodes[$0].tail.takesResidual && isOnlyReader(sum, of: $0)
      })
    return order.last { candidates.contains($0) }
  }
}

import Kernels

/// Where each node's output lies: alone, or as a slice of the channels of the concatenation that reads it.
///
/// Branches that write their slice of a joined activation make concatenation cost nothing.
struct Placement {
  /// What a node's output is a slice of, and from which channel on; nil for one that lies alone.
  private(set) var slices: [Int: (whole: Int, channel: Int)] = [:]

  init(_ draft: Draft, output: Int) {
    // From the end, so that a concatenation within a concatenation knows its own place first.
    for node in draft.order.reversed() {
      guard case .concatenate = draft.nodes[node].work else { continue }
      var channel = 0
      for input in draft.nodes[node].inputs {
        if canBeSlice(input, draft, output: output) { slices[input] = (node, channel) }
        channel += draft.nodes[input].size.channels
      }
    }
  }

  private func canBeSlice(_ node: Int, _ draft: Draft, output: Int) -> Bool {
    guard slices[node] == nil, node != output else { return false }
    switch draft.nodes[node].work {
    case .input, .flatten, .activation: return false
    default: return !draft.order.contains { draft.nodes[$0].needsDense(node) }
    }
  }

  /// The node in whose memory `node`'s output lies, and its first channel there.
  func root(of node: Int) -> (node: Int, channel: Int) {
    var (root, channel) = (node, 0)
    while let slice = slices[root] {
      root = slice.whole
      channel += slice.channel
    }
    return (root, channel)
  }
}

extension Node {
  /// Whether this node reads `node` as one dense run of numbers.
  fileprivate func needsDense(_ node: Int) -> Bool {
    guard inputs.contains(node) else { return false }
    if case .activation = work { return true }
    return false
  }
}

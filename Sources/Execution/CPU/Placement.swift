/// Where each node's output lies: alone, or as a slice of the channels of the concatenation that reads it.
///
/// Branches that write their slice of a joined activation make concatenation cost nothing.
struct Placement {
  /// What a node's output is a slice of, and from which channel on; nil for one that lies alone.
  private(set) var slices: [Int: (whole: Int, channel: Int)] = [:]

  init(_ graph: DataflowGraph, outputs: [Int]) {
    // From the end, so that a concatenation within a concatenation knows its own place first.
    for node in graph.order.reversed() {
      guard case .concatenate = graph.nodes[node].work else { continue }
      var channel = 0
      for input in graph.nodes[node].inputs {
        if canBeSlice(input, graph, outputs) { slices[input] = (node, channel) }
        channel += graph.nodes[input].size.channels
      }
    }
  }

  private func canBeSlice(_ node: Int, _ graph: DataflowGraph, _ outputs: [Int]) -> Bool {
    guard slices[node] == nil, !outputs.contains(node) else { return false }
    return graph.nodes[node].work.canBeSlice
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

extension Work {
  /// Whether results may be written with something between one pixel and the next.
  fileprivate var canBeSlice: Bool {
    switch self {
    case .elementwise, .convolution, .separable, .depthwise, .pooling, .sum, .combine, .select, .concatenate,
      .pad, .spaceToDepth, .standardize, .resize, .constant, .channels, .pointwise:
      true
    case .input, .reshape, .lineMeans: false
    }
  }
}

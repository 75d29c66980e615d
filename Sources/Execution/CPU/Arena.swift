import Kernels
import Tensors

/// The memory of a plan: one place for every node's output, shared by outputs that are not needed at the same
/// time.
struct Arena {
  /// Bytes per image.
  private(set) var size = 0
  private var offsets: [Int: Int] = [:]
  private var placed: [Block] = []
  private let placement: Placement
  private let nodes: [Node]

  /// Places begin at multiples of a cache line.
  private static let alignment = 64

  /// - Parameters:
  ///   - outputs: the nodes whose outputs are kept to the end.
  ///   - other: the memory of the same graph when it had fewer nodes at its end; everything in it stays where it is.
  init(_ graph: DataflowGraph, outputs: [Int], extending other: Arena? = nil) {
    placement = Placement(graph, outputs: outputs)
    nodes = graph.nodes
    let lifetimes = Self.lifetimes(graph, placement, outputs: outputs)
    let largestFirst = lifetimes.keys.sorted {
      (nodes[$1].byteCount, $0) < (nodes[$0].byteCount, $1)
    }
    for node in largestFirst {
      guard let lifetime = lifetimes[node], let offset = other?.offsets[node] else { continue }
      put(node, at: offset, during: lifetime)
    }
    for node in largestFirst where offsets[node] == nil {
      guard let lifetime = lifetimes[node] else { continue }
      put(node, at: Self.gap(of: room(for: node), during: lifetime, among: placed), during: lifetime)
    }
  }

  private mutating func put(_ node: Int, at offset: Int, during lifetime: ClosedRange<Int>) {
    let end = offset + room(for: node)
    placed.append(Block(range: offset..<end, lifetime: lifetime))
    offsets[node] = offset
    size = max(size, end)
  }

  /// Bytes per image, whole cache lines.
  private func room(for node: Int) -> Int {
    (nodes[node].byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
  }

  func place(of node: Int) -> Place {
    let (root, channel) = placement.root(of: node)
    return Place(
      offset: offsets[root] ?? 0, channel: channel, stride: nodes[root].size.channels,
      scalarType: nodes[root].scalarType)
  }

  /// Bytes per image behind which nothing is kept while the step runs that is `step`th in the graph's order.
  func end(during step: Int) -> Int {
    placed.reduce(0) { $1.lifetime.contains(step) ? max($0, $1.range.upperBound) : $0 }
  }

  private struct Block {
    var range: Range<Int>
    var lifetime: ClosedRange<Int>
  }

  /// From the step that writes first into a node's memory to the last that reads it.
  private static func lifetimes(
    _ graph: DataflowGraph, _ placement: Placement, outputs: [Int]
  ) -> [Int: ClosedRange<Int>] {
    var lifetimes: [Int: ClosedRange<Int>] = [:]
    func extend(_ node: Int, to step: Int) {
      let root = placement.root(of: node).node
      let known = lifetimes[root] ?? step...step
      lifetimes[root] = min(known.lowerBound, step)...max(known.upperBound, step)
    }
    for (step, node) in graph.order.enumerated() {
      extend(node, to: step)
      for input in graph.nodes[node].inputs { extend(input, to: step) }
    }
    for output in outputs { extend(output, to: graph.order.count) }
    return lifetimes
  }

  /// The lowest offset where `count` bytes are free all through `lifetime`.
  private static func gap(of count: Int, during lifetime: ClosedRange<Int>, among placed: [Block]) -> Int {
    var offset = 0
    let neighbours = placed.filter { $0.lifetime.overlaps(lifetime) }
    for block in neighbours.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      if offset + count <= block.range.lowerBound { break }
      offset = max(offset, block.range.upperBound)
    }
    return offset
  }
}

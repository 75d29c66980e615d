package import Tensors

/// A network as data that flows through pieces of work: what lowering makes and what passes rewrite.
///
/// Says what is computed from what, and nothing of how a machine does it.
package struct DataflowGraph: Sendable {
  /// All nodes there ever were, those that were fused into others included.
  package private(set) var nodes: [Node] = []
  /// The nodes that are left, in the order in which they run: inputs before their readers.
  package private(set) var order: [Int] = []
  /// The nodes whose outputs are the network's; passes keep them all.
  package internal(set) var outputs: [Int] = []
  /// How often each node is read by those that are left.
  private var readCounts: [Int] = []

  package internal(set) subscript(node: Int) -> Node {
    get { nodes[node] }
    set {
      for input in nodes[node].inputs { readCounts[input] -= 1 }
      nodes[node] = newValue
      for input in newValue.inputs { readCounts[input] += 1 }
    }
  }

  /// Appends a node that runs after all there are.
  mutating func append(_ node: Node) -> Int {
    order.append(nodes.count)
    return add(node)
  }

  /// Appends all nodes of `other`, for whose input the output of `node` stands; returns which of them are its outputs.
  package mutating func append(_ other: DataflowGraph, reading node: Int) -> [Int] {
    var places: [Int: Int] = [:]
    for id in other.order {
      var copy = other.nodes[id]
      copy.inputs = copy.inputs.compactMap { places[$0] }
      if case .input = copy.work { places[id] = node } else { places[id] = append(copy) }
    }
    return other.outputs.compactMap { places[$0] }
  }

  /// Inserts a node that runs just before `successor`.
  mutating func insert(_ node: Node, before successor: Int) -> Int {
    order.insert(nodes.count, at: order.firstIndex(of: successor) ?? order.endIndex)
    return add(node)
  }

  private mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    readCounts.append(0)
    for input in node.inputs { readCounts[input] += 1 }
    return nodes.count - 1
  }

  /// Moves a node to just before `successor` in the order.
  mutating func move(_ node: Int, before successor: Int) {
    order.removeAll { $0 == node }
    order.insert(node, at: order.firstIndex(of: successor) ?? order.endIndex)
  }

  /// Moves a node to just behind `predecessor` in the order.
  mutating func move(_ node: Int, after predecessor: Int) {
    order.removeAll { $0 == node }
    order.insert(node, at: (order.firstIndex(of: predecessor) ?? order.endIndex - 1) + 1)
  }

  /// Takes a node out; whoever read it reads `other` instead.
  mutating func replace(_ node: Int, with other: Int) {
    order.removeAll { $0 == node }
    for input in nodes[node].inputs { readCounts[input] -= 1 }
    for reader in order where nodes[reader].inputs.contains(node) {
      self[reader].inputs = nodes[reader].inputs.map { $0 == node ? other : $0 }
    }
    outputs = outputs.map { $0 == node ? other : $0 }
  }

  /// Takes out a node that nobody reads any more.
  mutating func removeIfUnread(_ node: Int) {
    guard readCounts[node] == 0, !outputs.contains(node) else { return }
    order.removeAll { $0 == node }
    for input in nodes[node].inputs { readCounts[input] -= 1 }
  }

  /// The nodes that read `node`.
  func readers(of node: Int) -> [Int] { order.filter { nodes[$0].inputs.contains(node) } }

  /// Whether `reader` alone reads `node`, and once, so that one may become part of the other.
  func isOnlyReader(_ reader: Int, of node: Int) -> Bool {
    !outputs.contains(node) && readCounts[node] == 1 && nodes[reader].inputs.contains(node)
  }
}

/// One piece of work and what was fused into it.
package struct Node: Sendable {
  /// The layers it stands for, in the order they act: `conv1_conv`, `conv1_bn`, `conv1_relu`.
  package var layers: [String]
  package var work: Work
  /// Nodes it reads; the term that the tail adds comes last.
  package var inputs: [Int]
  /// What becomes of the work's results.
  package var tail = Tail()
  package var size: ImageSize
  /// What its results are.
  package var scalarType = ScalarType.float32

  /// The bytes of its results, per image.
  package var byteCount: Int { size.elements * scalarType.byteCount }
  /// The nodes that the work itself reads.
  package var operands: [Int] { tail.addsResidual ? inputs.dropLast() : inputs }
  /// The node that the tail adds.
  package var residual: Int? { tail.addsResidual ? inputs.last : nil }
}

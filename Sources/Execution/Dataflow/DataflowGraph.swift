import Tensors

/// A network as data that flows through pieces of work: what lowering makes and what passes rewrite.
///
/// Says what is computed from what, and nothing of how a machine does it.
struct DataflowGraph {
  /// All nodes there ever were, those that were fused into others included.
  private(set) var nodes: [Node] = []
  /// The nodes that are left, in the order in which they run: inputs before their readers.
  private(set) var order: [Int] = []
  /// The nodes whose outputs are the network's; passes keep them all.
  var outputs: [Int] = []
  /// How often each node is read by those that are left.
  private var readCounts: [Int] = []

  subscript(node: Int) -> Node {
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

  /// Takes a node out; whoever read it reads `other` instead.
  mutating func replace(_ node: Int, with other: Int) {
    order.removeAll { $0 == node }
    for input in nodes[node].inputs { readCounts[input] -= 1 }
    for reader in order where nodes[reader].inputs.contains(node) {
      self[reader].inputs = nodes[reader].inputs.map { $0 == node ? other : $0 }
    }
    outputs = outputs.map { $0 == node ? other : $0 }
  }

  /// The nodes that read `node`.
  func readers(of node: Int) -> [Int] { order.filter { nodes[$0].inputs.contains(node) } }

  /// Whether `reader` alone reads `node`, and once, so that one may become part of the other.
  func isOnlyReader(_ reader: Int, of node: Int) -> Bool {
    !outputs.contains(node) && readCounts[node] == 1 && nodes[reader].inputs.contains(node)
  }
}

/// One piece of work and what was fused into it.
struct Node {
  /// The layers it stands for, in the order they act: `conv1_conv`, `conv1_bn`, `conv1_relu`.
  var layers: [String]
  var work: Work
  /// Nodes it reads; the term that the tail adds comes last.
  var inputs: [Int]
  /// What becomes of the work's results.
  var tail = Tail()
  var size: ImageSize
  /// What its results are.
  var scalarType = ScalarType.float32

  /// The bytes of its results, per image.
  var byteCount: Int { size.elements * scalarType.byteCount }
  /// The nodes that the work itself reads.
  var operands: [Int] { tail.addsResidual ? inputs.dropLast() : inputs }
  /// The node that the tail adds.
  var residual: Int? { tail.addsResidual ? inputs.last : nil }
}

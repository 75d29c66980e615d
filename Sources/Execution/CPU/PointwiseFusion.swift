import Catalog
import Kernels
import Tensors

/// Work whose results are read once, pixel by pixel, by a pointwise convolution becomes part of it: they never leave the cache.
extension DataflowGraph {
  mutating func fuseIntoPointwiseConvolutions() {
    for node in order {
      guard case .convolution(let convolution) = nodes[node].work, convolution.readsPixels else { continue }
      absorb(into: node, convolution)
    }
  }

  /// Absorbs what comes before a convolution, the last first, as long as a ``PixelSource`` can compute it.
  private mutating func absorb(into node: Int, _ convolution: Convolution) {
    var stages: [Node] = []
    while let source = nodes[node].inputs.first, canJoin(source, stages, of: node, convolution) {
      stages.insert(nodes[source], at: 0)
      self[node].layers = nodes[source].layers + nodes[node].layers
      self[node].inputs.replaceSubrange(0...0, with: nodes[source].inputs)
      self[node].work = .pointwise(convolution, behind: stages)
      removeIfUnread(source)
    }
  }

  private func canJoin(_ source: Int, _ stages: [Node], of node: Int, _ convolution: Convolution) -> Bool {
    guard !outputs.contains(source), nodes[node].residual != source else { return false }
    let (work, tail, next) = (nodes[source].work, nodes[source].tail, stages.first?.work)
    switch work {
    case .elementwise:
      // What several convolutions read is computed anew by each, which takes less than writing and reading it.
      return next.isNothingOrPooling(of: tail)
        && readers(of: source).allSatisfy { readsPixels($0, of: source) }
    case .standardize(let unit):
      return next == nil && unit.span == .pixel && unit.groups == 1 && isOnlyReader(node, of: source)
    case .combine(.multiply):
      let factors = nodes[source].inputs.dropFirst().map { nodes[$0].size }
      return next == nil && tail.takesAffine && tail.affine == nil && isOnlyReader(node, of: source)
        && factors.count == 1 && factors[0].pixels == 1 && factors[0].channels == nodes[source].size.channels
    case .pooling(let window, .average):
      return next == nil && window.staysInside && convolution.isPointwise && isOnlyReader(node, of: source)
        && isClamp(nodes[source].inputs[0], readBy: source)
    case .depthwise(let depthwise):
      return next.isNothingOrStandardization && depthwise.multiplier == 1 && convolution.isPointwise
        && !depthwise.writesLineMeans && isOnlyReader(node, of: source)
    case .input, .convolution, .separable, .pooling, .sum, .combine, .select, .concatenate, .pad, .reshape,
      .spaceToDepth, .resize, .constant, .channels, .pointwise, .lineMeans:
      return false
    }
  }

  /// Whether a pooling's input is an affine function with a clamp that nothing else reads.
  private func isClamp(_ node: Int, readBy reader: Int) -> Bool {
    guard case .elementwise = nodes[node].work, isOnlyReader(reader, of: node) else { return false }
    return nodes[node].tail.activation == .linear || nodes[node].tail.activation.isClamp
  }

  private func readsPixels(_ reader: Int, of source: Int) -> Bool {
    guard nodes[reader].operands == [source], nodes[reader].residual != source else { return false }
    switch nodes[reader].work {
    case .convolution(let convolution): return convolution.readsPixels
    case .pointwise: return true
    case .input, .elementwise, .separable, .depthwise, .pooling, .sum, .combine, .select, .concatenate, .pad,
      .reshape,
      .spaceToDepth, .standardize, .resize, .constant, .channels, .lineMeans:
      return false
    }
  }

  /// Lets depthwise convolutions whose results are averaged over whole images take the means line by line, while the results
  /// are in cache: what squeeze-and-excitation begins with.
  mutating func averageLines() {
    for node in order {
      guard case .pooling(let window, .average) = nodes[node].work, window == window.input.wholeWindow else {
        continue
      }
      let source = nodes[node].inputs[0]
      guard case .depthwise(var depthwise) = nodes[source].work, !depthwise.writesLineMeans else { continue }
      let lines = ImageSize(height: window.input.height, width: 1, channels: window.input.channels)
      let means = insert(Node(layers: [], work: .lineMeans, inputs: [], size: lines), before: source)
      depthwise.writesLineMeans = true
      self[source].work = .depthwise(depthwise)
      self[source].inputs.append(means)
      self[node].work = .pooling(lines.wholeWindow, .average)
      self[node].inputs = [means]
    }
  }
}

extension Convolution {
  /// Whether every output pixel is made of one input pixel.
  fileprivate var readsPixels: Bool {
    window.area == 1 && groups == 1 && !isTransposed && window.staysInside
  }
}

extension Work? {
  /// Whether a depthwise convolution may come first.
  fileprivate var isNothingOrStandardization: Bool {
    switch self {
    case nil: true
    case .standardize: true
    case .input, .elementwise, .convolution, .separable, .depthwise, .pooling, .sum, .combine, .select,
      .concatenate, .pad, .reshape, .spaceToDepth, .resize, .constant, .channels, .pointwise, .lineMeans:
      false
    }
  }

  /// Whether an affine function with an activation may come first.
  fileprivate func isNothingOrPooling(of tail: Tail) -> Bool {
    switch self {
    case nil: true
    case .pooling: true
    case .input, .elementwise, .convolution, .separable, .depthwise, .standardize, .sum, .combine, .select,
      .concatenate, .pad, .reshape, .spaceToDepth, .resize, .constant, .channels, .pointwise, .lineMeans:
      false
    }
  }
}

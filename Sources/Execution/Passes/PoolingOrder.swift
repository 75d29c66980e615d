import Tensors

extension DataflowGraph {
  /// Takes means ahead of pointwise convolutions instead of behind them, where that leaves fewer pixels to multiply. A mean of
  /// sums is the sum of means, and biases and factors do not care.
  mutating func averageBeforeConvolutions() {
    for node in order {
      guard case .pooling(let window, .average) = nodes[node].work, window.staysInside,
        2 * nodes[node].size.pixels <= window.input.pixels
      else { continue }
      let source = nodes[node].inputs[0]
      guard case .convolution(var convolution) = nodes[source].work, convolution.isPointwise,
        nodes[source].tail.takesResidual, isOnlyReader(node, of: source)
      else { continue }
      var pooling = nodes[node]
      var means = window
      means.input.channels = convolution.window.input.channels
      pooling.work = .pooling(means, .average)
      pooling.inputs = [nodes[source].inputs[0]]
      pooling.size.channels = means.input.channels
      convolution.window = Window(pointwise: pooling.size)
      self[node] = pooling
      self[source].work = .convolution(convolution)
      self[source].size = window.output(channels: convolution.filters)
      exchange(source, behind: node)
    }
  }

  /// Lets `source`, which `node` no longer reads, read `node`, and the readers of `node` read `source`.
  private mutating func exchange(_ source: Int, behind node: Int) {
    for reader in readers(of: node) {
      self[reader].inputs = nodes[reader].inputs.map { $0 == node ? source : $0 }
    }
    outputs = outputs.map { $0 == node ? source : $0 }
    self[source].inputs[0] = node
    move(source, after: node)
  }
}

extension Convolution {
  /// Whether every output pixel is made of the input pixel in its place.
  var isPointwise: Bool {
    window.area == 1 && groups == 1 && !isTransposed && window.top == 0 && window.left == 0
      && window.rowStride == 1 && window.columnStride == 1
  }
}

extension Window {
  /// Whether all positions lie in the image.
  var staysInside: Bool {
    top == 0 && left == 0 && reachedHeight <= input.height && reachedWidth <= input.width
  }
}

import Tensors

/// Zeros that depend on the size of the image.
///
/// Keras's networks put zeros ahead of windows of stride 2 by whether an extent is odd there, so that what comes out is half of it,
/// rounded up. Which zeros those are is decided when a model is built: for the size it is built for, or, where that is left open,
/// as for even extents at every size.
extension LayerGraph {
  /// The graph whose layers of zeros ahead of windows of stride 2 have the zeros of both even and odd extents.
  func paddingBySize() -> LayerGraph {
    var graph = self
    for (index, layer) in layers.enumerated() {
      guard let layerPadding = (layer.operation as? ZeroPadding2D)?.padding,
        let window = halvingWindow(behind: layer)
      else { continue }
      let (rows, columns) = (window.height / 2, window.width / 2)
      let odd = EdgeInsets(top: rows, bottom: rows, left: columns, right: columns)
      guard layerPadding.bottom == odd.bottom, layerPadding.right == odd.right,
        [odd.top, odd.top - 1].contains(layerPadding.top),
        [odd.left, odd.left - 1].contains(layerPadding.left)
      else { continue }
      let even = EdgeInsets(top: rows - 1, bottom: rows, left: columns - 1, right: columns)
      graph.layers[index].operation = ZeroPadding2D(even, odd: odd)
    }
    return graph
  }

  /// The size of the windows that read `layer`, where all that read it are windows of an odd size that move by two and have no
  /// zeros of their own.
  private func halvingWindow(behind layer: Layer) -> Extent? {
    let windows = layers.filter { $0.inputs.contains(layer.name) }.map {
      ($0.operation as? any WindowOperation)?.window
    }
    guard let first = windows.first, let window = first, windows.allSatisfy({ $0 == window }),
      window.strides == Extent(2, 2), window.padding == .valid, window.dilation == Extent(1, 1),
      [window.size.height, window.size.width].allSatisfy({ $0 > 1 && !$0.isMultiple(of: 2) })
    else { return nil }
    return window.size
  }

  /// The graph that Keras builds for images of `size`: with the zeros of that size alone. As it is where the size is left open, and
  /// for images it does not take.
  package func padded(for size: Extent?) -> LayerGraph {
    guard let size, layers.contains(where: { ($0.operation as? ZeroPadding2D)?.oddPadding != nil }),
      let shapes = try? symbolicExtents(height: size.height, width: size.width)
    else { return self }
    var graph = self
    for (index, shape) in shapes.enumerated() {
      guard let padding = layers[index].operation as? ZeroPadding2D, let input = shape.inputs[0].shape else {
        continue
      }
      graph.layers[index].operation = ZeroPadding2D(padding.padding(height: input[0], width: input[1]))
    }
    return graph
  }
}

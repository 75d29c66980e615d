import Catalog
import Kernels

/// Layers with kernels, and the normalisations that vanish in them.
extension Draft {
  mutating func convolution(_ layer: Layer, _ kind: Conv2D) -> Value {
    let source = input(of: layer)
    let linear = linear(
      layer, filters: kind.filters, useBias: kind.useBias,
      window: window(layer, reading: source, kind.kernel, kind.strides, kind.padding))
    let (node, moved) = withLongPixels(source.node, linear) ?? withoutSidePadding(source.node, linear)
    let value = append(
      .convolution(moved), for: [layer.name], reading: [node], size: size(of: layer.name))
    return activation(kind.activation, of: value, nil)
  }

  mutating func separableConvolution(_ layer: Layer, _ kind: SeparableConv2D) -> Value {
    let source = input(of: layer)
    let linear = linear(
      layer, filters: kind.filters, useBias: kind.useBias,
      window: window(layer, reading: source, kind.kernel, kind.strides, kind.padding))
    let value = append(
      .separable(linear, rectifiesInput: source.isUnrectified), for: [layer.name], reading: [source.node],
      size: size(of: layer.name))
    return activation(kind.activation, of: value, nil)
  }

  mutating func dense(_ layer: Layer, _ kind: Dense) -> Value {
    let source = input(of: layer).node
    let linear = linear(
      layer, filters: kind.units, useBias: kind.useBias, window: Window(pointwise: nodes[source].size))
    let value = append(
      .convolution(linear), for: [layer.name], reading: [source], size: size(of: layer.name))
    return activation(kind.activation, of: value, nil)
  }

  private func linear(_ layer: Layer, filters: Int, useBias: Bool, window: Window) -> Linear {
    let bias = useBias ? ChannelAffine.bias(parameters.floats(layer.name, "bias")) : nil
    return Linear(layer: layer.name, window: window, filters: filters, affine: bias)
  }

  /// Where images have few channels, zeros are written around them, so that a row of the window lies in one
  /// piece.
  private mutating func withoutSidePadding(_ node: Int, _ linear: Linear) -> (node: Int, linear: Linear) {
    let window = linear.window
    guard AlgorithmChoice.materializesPadding(of: window) else { return (node, linear) }
    var padded = window
    padded.top = 0
    padded.left = 0
    padded.input.height = max(window.input.height + window.top, window.reachedHeight)
    padded.input.width = max(window.input.width + window.left, window.reachedWidth)
    let insets = EdgeInsets(
      top: window.top, bottom: padded.input.height - window.input.height - window.top, left: window.left,
      right: padded.input.width - window.input.width - window.left)
    let value = append(.pad(insets), for: [], reading: [node], size: padded.input)
    var moved = linear
    moved.window = padded
    return (value.node, moved)
  }

  /// Large windows that move by two pixels over few channels get pixels of 2 x 2 pixels to read.
  private mutating func withLongPixels(_ node: Int, _ linear: Linear) -> (node: Int, linear: Linear)? {
    guard !isExact, let form = AlgorithmChoice.formOverBlocks(linear.window) else { return nil }
    let value = append(
      .spaceToDepth(linear.window), for: [], reading: [node], size: linear.window.overBlocks.input)
    var moved = linear
    moved.formOverBlocks = form
    return (value.node, moved)
  }

  /// Folds a batch normalisation into the layer before it, or makes a node of it where an activation, an
  /// addition or another reader stands between.
  mutating func normalization(_ layer: Layer, _ kind: BatchNormalization) -> Value {
    let source = input(of: layer)
    let affine = parameters.normalization(layer.name, kind)
    if isOnlyReader(layer, of: layer.inputs[0]), nodes[source.node].fold(affine, of: layer.name) {
      return source
    }
    return append(
      .affine(affine, rectifies: false), for: [layer.name], reading: [source.node],
      size: size(of: layer.name))
  }
}

extension Node {
  /// Applies `affine` to the results as part of this node, if that is possible.
  fileprivate mutating func fold(_ affine: ChannelAffine, of layer: String) -> Bool {
    switch work {
    case .convolution(var linear) where linear.isOpen:
      linear.affine = linear.affine?.followed(by: affine) ?? affine
      work = .convolution(linear)
    case .separable(var linear, let rectifiesInput) where linear.isOpen:
      linear.affine = linear.affine?.followed(by: affine) ?? affine
      work = .separable(linear, rectifiesInput: rectifiesInput)
    case .affine(let before, rectifies: false):
      work = .affine(before.followed(by: affine), rectifies: false)
    default: return false
    }
    layers.append(layer)
    return true
  }
}

extension Window {
  /// The rows of the padded input that windows reach.
  fileprivate var reachedHeight: Int { (outputHeight - 1) * rowStride + height }
  /// The columns of the padded input that windows reach.
  fileprivate var reachedWidth: Int { (outputWidth - 1) * columnStride + width }
}

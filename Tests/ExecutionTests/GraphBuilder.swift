import Catalog

/// Writes small graphs down in few words; every method returns the new layer's name.
struct GraphBuilder {
  private(set) var graph = LayerGraph(layers: [])

  init(channels: Int) { add("input", .input(channels: channels), []) }

  @discardableResult
  mutating func add(_ name: String, _ kind: LayerKind, _ inputs: [String]) -> String {
    graph.layers.append(Layer(name: name, kind: kind, inputs: inputs))
    return name
  }

  mutating func convolution(
    _ name: String, _ input: String, _ filters: Int, kernel: Int = 3, stride: Int = 1,
    padding: Padding = .same, useBias: Bool = true, activation: Activation = .linear
  ) -> String {
    let kind = Convolution(
      filters: filters, kernel: Extent(kernel, kernel), strides: Extent(stride, stride), padding: padding,
      useBias: useBias, activation: activation)
    return add(name, .convolution(kind), [input])
  }

  mutating func separable(
    _ name: String, _ input: String, _ filters: Int, stride: Int = 1, padding: Padding = .same
  ) -> String {
    let kind = Convolution(
      filters: filters, kernel: Extent(3, 3), strides: Extent(stride, stride), padding: padding,
      useBias: true, activation: .linear)
    return add(name, .separableConvolution(kind), [input])
  }

  mutating func normalization(_ name: String, _ input: String, scale: Bool = true) -> String {
    add(name, .batchNormalization(.init(epsilon: 1e-3, scale: scale, center: true)), [input])
  }

  mutating func activation(_ name: String, _ input: String, _ kind: Activation = .relu) -> String {
    add(name, .activation(kind), [input])
  }

  mutating func padding(_ name: String, _ input: String, _ rows: Int) -> String {
    add(name, .zeroPadding(.init(top: rows, bottom: rows, left: rows, right: rows + 1)), [input])
  }

  static func pooling(_ size: Int, stride: Int, padding: Padding) -> Pooling {
    Pooling(size: Extent(size, size), strides: Extent(stride, stride), padding: padding)
  }
}

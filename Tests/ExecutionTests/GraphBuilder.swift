import Catalog

/// Writes small graphs down in few words; every method returns the new layer's name.
struct GraphBuilder {
  private(set) var graph = LayerGraph(layers: [])

  init(channels: Int) { add("input", InputLayer(channels: channels), []) }

  @discardableResult
  mutating func add(_ name: String, _ operation: any LayerOperation, _ inputs: [String]) -> String {
    graph.layers.append(Layer(name: name, operation: operation, inputs: inputs))
    return name
  }

  mutating func convolution(
    _ name: String, _ input: String, _ filters: Int, kernel: Int = 3, stride: Int = 1,
    padding: Padding = .same, groups: Int = 1, useBias: Bool = true, activation: Activation = .linear
  ) -> String {
    let operation = Conv2D {
      $0.groups = groups
      $0.filters = filters
      $0.kernel = Extent(kernel, kernel)
      $0.strides = Extent(stride, stride)
      $0.padding = padding
      $0.useBias = useBias
      $0.activation = activation
    }
    return add(name, operation, [input])
  }

  mutating func depthwise(_ name: String, _ input: String, kernel: Int = 3, stride: Int = 1) -> String {
    let operation = DepthwiseConv2D {
      $0.kernel = Extent(kernel, kernel)
      $0.strides = Extent(stride, stride)
      $0.padding = .same
    }
    return add(name, operation, [input])
  }

  mutating func separable(
    _ name: String, _ input: String, _ filters: Int, stride: Int = 1, padding: Padding = .same
  ) -> String {
    let operation = SeparableConv2D {
      $0.filters = filters
      $0.kernel = Extent(3, 3)
      $0.strides = Extent(stride, stride)
      $0.padding = padding
    }
    return add(name, operation, [input])
  }

  mutating func normalization(_ name: String, _ input: String, scale: Bool = true) -> String {
    add(name, BatchNormalization { $0.scale = scale }, [input])
  }

  mutating func activation(_ name: String, _ input: String, _ activation: Activation = .relu) -> String {
    add(name, ActivationLayer(activation), [input])
  }

  mutating func padding(_ name: String, _ input: String, _ rows: Int) -> String {
    add(name, ZeroPadding2D(EdgeInsets(top: rows, bottom: rows, left: rows, right: rows + 1)), [input])
  }

  @discardableResult
  mutating func maxPooling(_ name: String, _ input: String, stride: Int, padding: Padding) -> String {
    let operation = MaxPooling2D {
      $0.size = Extent(3, 3)
      $0.strides = Extent(stride, stride)
      $0.padding = padding
    }
    return add(name, operation, [input])
  }

  @discardableResult
  mutating func averagePooling(_ name: String, _ input: String, stride: Int, padding: Padding) -> String {
    let operation = AveragePooling2D {
      $0.size = Extent(3, 3)
      $0.strides = Extent(stride, stride)
      $0.padding = padding
    }
    return add(name, operation, [input])
  }

  @discardableResult
  mutating func dense(
    _ name: String, _ input: String, _ units: Int, useBias: Bool = true, activation: Activation = .linear
  ) -> String {
    let operation = Dense {
      $0.units = units
      $0.useBias = useBias
      $0.activation = activation
    }
    return add(name, operation, [input])
  }
}

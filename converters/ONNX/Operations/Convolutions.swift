import Catalog
import Tensors

extension Conv2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let channels = graph.input(of: layer).channels / groups
    let kernel = graph.parameter(
      layer, "kernel", .outputsFirst, extents: [filters, channels, self.kernel.height, self.kernel.width])
    let sums = graph.slide(
      window, layer, kernel, bias: graph.bias(self, layer, filters), groups: groups, filters: filters)
    return graph.activate(activation, sums, at: layer.name)
  }
}

extension DepthwiseConv2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let channels = graph.input(of: layer).channels
    let filters = channels * depthMultiplier
    let kernel = graph.parameter(
      layer, "depthwise_kernel", .depthwise, extents: [filters, 1, self.kernel.height, self.kernel.width])
    let sums = graph.slide(
      window, layer, kernel, bias: graph.bias(self, layer, filters), groups: channels, filters: filters)
    return graph.activate(activation, sums, at: layer.name)
  }
}

extension SeparableConv2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let channels = graph.input(of: layer).channels
    let inner = channels * depthMultiplier
    let depthwise = graph.parameter(
      layer, "depthwise_kernel", .depthwise, extents: [inner, 1, kernel.height, kernel.width])
    let maps = graph.slide(window, layer, depthwise, bias: nil, groups: channels, filters: inner)
    let pointwise = graph.parameter(
      layer, "pointwise_kernel", .outputsFirst, extents: [filters, inner, 1, 1])
    let inputs = [maps.name, pointwise] + [graph.bias(self, layer, filters)].compactMap(\.self)
    let name = graph.append("Conv", inputs, at: layer.name, [.init("kernel_shape", .integers([1, 1]))])
    let sums = Value(name: name, shape: graph.shape(of: layer), order: .channelsFirst)
    return graph.activate(activation, sums, at: layer.name)
  }
}

extension Conv2DTranspose: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    let shape = graph.shape(of: layer)
    let weights = graph.parameter(
      layer, "kernel", .outputsFirst, extents: [input.channels, filters, kernel.height, kernel.width])
    let rows = axis(input.shape[0], shape[0], kernel.height, strides.height)
    let columns = axis(input.shape[1], shape[1], kernel.width, strides.width)
    let inputs =
      [graph.read(input, .channelsFirst), weights]
      + [graph.bias(self, layer, filters)].compactMap(\.self)
    let name = graph.append(
      "ConvTranspose", inputs, at: layer.name,
      [
        .init("kernel_shape", .integers([kernel.height, kernel.width])),
        .init("output_padding", .integers([rows.more, columns.more])),
        .init("pads", .integers([rows.before, columns.before, rows.after, columns.after])),
        .init("strides", .integers([strides.height, strides.width])),
      ])
    let sums = Value(name: name, shape: shape, order: .channelsFirst)
    return graph.activate(activation, sums, at: layer.name)
  }

  /// What is cut off before and after of all that the windows reach along an axis, and what is put behind it.
  private func axis(
    _ count: Int, _ result: Int, _ size: Int, _ stride: Int
  ) -> (before: Int, after: Int, more: Int) {
    let whole = (count - 1) * stride + size
    let before = padding == .same ? max(size - stride, 0) / 2 : 0
    return (before, max(whole - result - before, 0), max(result - whole, 0))
  }
}

extension Dense: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    let kernel = graph.parameter(layer, "kernel", extents: [input.channels, units])
    let bias = graph.bias(self, layer, units)
    let x = graph.read(input, .channelsLast)
    var name: String
    if input.shape.rank == 1 {
      name = graph.append("Gemm", [x, kernel] + [bias].compactMap(\.self), at: layer.name)
    } else {
      name = graph.append("MatMul", [x, kernel], at: layer.name)
      if let bias { name = graph.append("Add", [name, bias], at: layer.name) }
    }
    return graph.activate(activation, Value(name: name, shape: graph.shape(of: layer)), at: layer.name)
  }
}

extension GraphBuilder {
  /// The bias of a layer, if it has one.
  fileprivate mutating func bias(
    _ operation: some BiasedOperation, _ layer: Layer, _ channels: Int
  ) -> String? {
    operation.useBias ? parameter(layer, "bias", extents: [channels]) : nil
  }

  /// Appends a convolution whose zeros are written out, since those of `same` are TensorFlow's: one more below and to the right
  /// where their number is odd. Zeros that stand ahead of it alone become its own.
  fileprivate mutating func slide(
    _ window: SlidingWindow, _ layer: Layer, _ kernel: String, bias: String?, groups: Int, filters: Int
  ) -> Value {
    var input = input(of: layer)
    let shape = shape(of: layer)
    var zeros = window.zeros(over: input.shape, to: shape)
    if let ahead = input.zeros, input.order == .channelsFirst {
      zeros = zeros.around(ahead)
      input.zeros = nil
    }
    var attributes: [Node.Attribute] = [
      .init("dilations", .integers([window.dilation.height, window.dilation.width])),
      .init("group", .integer(groups)),
      .init("kernel_shape", .integers([window.size.height, window.size.width])),
      .init("pads", .integers([zeros.top, zeros.left, zeros.bottom, zeros.right])),
    ]
    attributes.append(.init("strides", .integers([window.strides.height, window.strides.width])))
    let inputs = [read(input, .channelsFirst), kernel] + [bias].compactMap(\.self)
    let name = append("Conv", inputs, at: layer.name, attributes)
    return Value(
      name: name, shape: [shape[0], shape[1], filters], order: .channelsFirst)
  }
}

extension SlidingWindow {
  /// What the window puts around what it reads, by TensorFlow's rule.
  func zeros(over input: TensorShape, to output: TensorShape) -> EdgeInsets {
    guard padding == .same else { return EdgeInsets(top: 0, bottom: 0, left: 0, right: 0) }
    let window = window(over: input, to: output)
    let rows = max(0, (output[0] - 1) * strides.height + span.height - input[0])
    let columns = max(0, (output[1] - 1) * strides.width + span.width - input[1])
    return EdgeInsets(
      top: window.top, bottom: rows - window.top, left: window.left, right: columns - window.left)
  }
}

extension EdgeInsets {
  /// Both together.
  func around(_ other: EdgeInsets) -> EdgeInsets {
    EdgeInsets(
      top: top + other.top, bottom: bottom + other.bottom, left: left + other.left,
      right: right + other.right)
  }
}

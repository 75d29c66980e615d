import Catalog
import Tensors

extension MaxPooling2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.pool("MaxPool", window, layer)
  }
}

extension AveragePooling2D: Expressible {
  /// A mean counts what lies in the image, as in Keras.
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.pool("AveragePool", window, layer, [.init("count_include_pad", .integer(0))])
  }
}

extension GlobalAveragePooling2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.poolAll("GlobalAveragePool", "ReduceMean", layer, keepsDimensions)
  }
}

extension GlobalMaxPooling2D: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.poolAll("GlobalMaxPool", "ReduceMax", layer, keepsDimensions)
  }
}

extension GraphBuilder {
  fileprivate mutating func pool(
    _ type: String, _ window: SlidingWindow, _ layer: Layer, _ more: [Node.Attribute] = []
  ) -> Value {
    let input = input(of: layer)
    let shape = shape(of: layer)
    let zeros = window.zeros(over: input.shape, to: shape)
    let name = append(
      type, [read(input, .channelsFirst)], at: layer.name,
      more + [
        .init("kernel_shape", .integers([window.size.height, window.size.width])),
        .init("pads", .integers([zeros.top, zeros.left, zeros.bottom, zeros.right])),
        .init("strides", .integers([window.strides.height, window.strides.width])),
      ])
    return Value(name: name, shape: shape, order: .channelsFirst)
  }

  /// Appends a pooling of all pixels, in whichever order they come.
  fileprivate mutating func poolAll(
    _ type: String, _ reduction: String, _ layer: Layer, _ keepsDimensions: Bool
  ) -> Value {
    let input = input(of: layer)
    var name = read(input)
    if input.order == .channelsFirst {
      name = append(type, [name], at: layer.name)
      if !keepsDimensions { name = append("Flatten", [name], at: layer.name, [.init("axis", .integer(1))]) }
    } else {
      name = append(
        reduction, [name], at: layer.name,
        [.init("axes", .integers([1, 2])), .init("keepdims", .integer(keepsDimensions ? 1 : 0))])
    }
    return Value(name: name, shape: shape(of: layer), order: input.order)
  }
}

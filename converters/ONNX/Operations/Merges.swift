import Catalog
import Tensors

extension Add: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.combine(layer, pairwise: "Add")
  }
}

extension Subtract: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.combine(layer, pairwise: "Sub")
  }
}

extension Multiply: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.combine(layer, pairwise: "Mul")
  }
}

extension Average: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.combine(layer, all: "Mean") }
}

extension Maximum: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.combine(layer, all: "Max") }
}

extension Minimum: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.combine(layer, all: "Min") }
}

extension CustomScaleLayer: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let factor = graph.constant([scale], [], "\(layer.name)/scale")
    return graph.merge(layer) { graph, names in
      let scaled = graph.append("Mul", [names[1], factor], at: layer.name)
      return graph.append("Add", [names[0], scaled], at: layer.name)
    }
  }
}

extension Concatenate: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let result = Value(
      name: "", shape: graph.shape(of: layer), order: graph.commonOrder(of: graph.inputs(of: layer)))
    return graph.merge(layer) { graph, names in
      graph.append("Concat", names, at: layer.name, [.init("axis", .integer(result.channelAxis))])
    }
  }
}

extension GraphBuilder {
  /// Appends an operator of two inputs as often as there are inputs to combine.
  fileprivate mutating func combine(_ layer: Layer, pairwise type: String) -> Value {
    merge(layer) { graph, names in
      names.dropFirst().reduce(names[0]) { graph.append(type, [$0, $1], at: layer.name) }
    }
  }

  /// Appends an operator of any number of inputs.
  fileprivate mutating func combine(_ layer: Layer, all type: String) -> Value {
    merge(layer) { graph, names in graph.append(type, names, at: layer.name) }
  }

  /// Appends what makes one value of all that a layer reads, in an order that all have.
  fileprivate mutating func merge(
    _ layer: Layer, _ combine: (inout GraphBuilder, [String]) -> String
  ) -> Value {
    let inputs = inputs(of: layer)
    let (shape, order) = (shape(of: layer), commonOrder(of: inputs))
    var names: [String] = []
    for input in inputs { names.append(aligned(input, shape.rank, order, at: layer.name)) }
    return Value(name: combine(&self, names), shape: shape, order: order)
  }

  /// That of the channels first where any image has it.
  fileprivate func commonOrder(of inputs: [Value]) -> Value.Order {
    inputs.contains { $0.isImage && !$0.isPixel && $0.order == .channelsFirst }
      || inputs.allSatisfy { $0.isImage && $0.order == .channelsFirst } ? .channelsFirst : .channelsLast
  }

  /// The name of a value with as many axes as the result has: those that it lacks come first, as in Keras.
  private mutating func aligned(
    _ value: Value, _ rank: Int, _ order: Value.Order, at place: String
  ) -> String {
    guard value.shape.rank < rank else { return read(value, order) }
    let extents =
      [Int](repeating: 1, count: rank - value.shape.rank) + value.shape.dimensions
    let isTurned = rank == 3 && order == .channelsFirst
    if isTurned, value.shape.rank > 1 {
      // One row of pixels.
      let rows = reshape(read(value), to: extents, at: place)
      let image = Value(name: rows, shape: TensorShape(validating: extents) ?? [], order: .channelsLast)
      return read(image, order)
    }
    return reshape(
      read(value), to: isTurned ? [extents[2], extents[0], extents[1]] : extents, at: place)
  }
}

import Catalog

extension ActivationLayer: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.activate(activation, layer) }
}

extension ReLU: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.activate(activation, layer) }
}

extension LeakyReLU: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.activate(activation, layer) }
}

extension ELU: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.activate(activation, layer) }
}

extension Softmax: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.activate(activation, layer) }
}

extension PReLU: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    let own = input.shape.dimensions.enumerated().map { sharedAxes.contains($0 + 1) ? 1 : $1 }
    let isTurned = input.isImage && input.order == .channelsFirst
    let alpha = graph.parameter(
      layer, "alpha", isTurned ? .channelsFirst : .kept, extents: input.ordered(own))
    return graph.elementwise(input) { graph, x in graph.append("PRelu", [x, alpha], at: layer.name) }
  }
}

extension GraphBuilder {
  /// Appends a layer that does nothing but apply an activation.
  mutating func activate(_ activation: Activation, _ layer: Layer) -> Value {
    activate(activation, input(of: layer), at: layer.name)
  }

  /// Appends an activation that is part of the layer at `place`.
  mutating func activate(_ activation: Activation, _ value: Value, at place: String) -> Value {
    if activation == .linear { return value }
    return elementwise(value) { graph, x in
      switch activation {
      case .linear: x
      case .relu(let most, let slope, let threshold): graph.relu(x, most, slope, threshold, at: place)
      case .leakyReLU(let slope): graph.append("LeakyRelu", [x], at: place, [.init("alpha", .number(slope))])
      case .elu(let alpha): graph.append("Elu", [x], at: place, [.init("alpha", .number(alpha))])
      case .selu: graph.selu(x, at: place)
      case .sigmoid: graph.append("Sigmoid", [x], at: place)
      case .hardSigmoid(let slope): graph.hardSigmoid(x, slope, at: place)
      case .silu: graph.product(x, graph.append("Sigmoid", [x], at: place), at: place)
      case .hardSilu: graph.append("HardSwish", [x], at: place)
      case .tanh: graph.append("Tanh", [x], at: place)
      case .gelu(let isApproximate): graph.gelu(x, isApproximate, at: place)
      case .softplus: graph.append("Softplus", [x], at: place)
      case .softsign: graph.append("Softsign", [x], at: place)
      case .mish:
        graph.product(
          x, graph.append("Tanh", [graph.append("Softplus", [x], at: place)], at: place), at: place)
      case .exponential: graph.append("Exp", [x], at: place)
      case .softmax: graph.append("Softmax", [x], at: place, [.init("axis", .integer(value.channelAxis))])
      }
    }
  }

  /// Appends what treats every element, or every pixel, of a value alike.
  mutating func elementwise(
    _ value: Value, _ apply: (inout GraphBuilder, _ name: String) throws -> String
  ) rethrows -> Value {
    let name = read(value)
    return Value(name: try apply(&self, name), shape: value.shape, order: value.order)
  }

  private mutating func product(_ left: String, _ right: String, at place: String) -> String {
    append("Mul", [left, right], at: place)
  }

  private mutating func number(_ number: Double, at place: String) -> String {
    constant([number], [], "\(place)/number")
  }

  private mutating func relu(
    _ x: String, _ most: Double?, _ slope: Double, _ threshold: Double, at place: String
  ) -> String {
    if threshold == 0, most == nil {
      return slope == 0
        ? append("Relu", [x], at: place)
        : append("LeakyRelu", [x], at: place, [.init("alpha", .number(slope))])
    }
    if threshold == 0, slope == 0, let most {
      return append("Clip", [x, number(0, at: place), number(most, at: place)], at: place)
    }
    let limit = number(threshold, at: place)
    let isAbove = append("Greater", [x, limit], at: place)
    let above = most.map { append("Min", [x, number($0, at: place)], at: place) } ?? x
    let distance = append("Sub", [x, limit], at: place)
    let below = product(distance, number(slope, at: place), at: place)
    return append("Where", [isAbove, above, below], at: place)
  }

  private mutating func selu(_ x: String, at place: String) -> String {
    append(
      "Selu", [x], at: place,
      [
        .init("alpha", .number(1.6732632423543772848170429916717)),
        .init("gamma", .number(1.0507009873554804934193349852946)),
      ])
  }

  private mutating func hardSigmoid(_ x: String, _ slope: Double, at place: String) -> String {
    append(
      "HardSigmoid", [x], at: place, [.init("alpha", .number(slope)), .init("beta", .number(0.5))])
  }

  /// `0.5 * x * (1 + erf(x / sqrt(2)))`, in the form in which runtimes recognise it; or with
  /// `tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))` in place of `erf`.
  private mutating func gelu(_ x: String, _ isApproximate: Bool, at place: String) -> String {
    let curve: String
    if isApproximate {
      let square = product(x, x, at: place)
      let cube = product(square, x, at: place)
      let inner = append("Add", [x, product(cube, number(0.044715, at: place), at: place)], at: place)
      let scaled = product(inner, number((2 / Double.pi).squareRoot(), at: place), at: place)
      curve = append("Tanh", [scaled], at: place)
    } else {
      let scaled = append("Div", [x, number(2.0.squareRoot(), at: place)], at: place)
      curve = append("Erf", [scaled], at: place)
    }
    let sum = append("Add", [curve, number(1, at: place)], at: place)
    return product(product(x, sum, at: place), number(0.5, at: place), at: place)
  }
}

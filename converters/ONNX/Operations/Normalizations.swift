import Catalog
import Tensors

extension BatchNormalization: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) throws -> Value {
    let input = graph.input(of: layer)
    guard input.shape.rank == 1 || input.isImage else { return try expressFactors(layer, input, &graph) }
    let channels = [input.channels]
    let gamma = graph.gamma(scale, layer, channels)
    let beta = graph.beta(center, layer, channels)
    let statistics = ["moving_mean", "moving_variance"].map { graph.parameter(layer, $0, extents: channels) }
    let name = graph.append(
      "BatchNormalization", [graph.read(input, .channelsFirst), gamma, beta] + statistics, at: layer.name,
      [.init("epsilon", .number(epsilon))])
    return Value(name: name, shape: input.shape, order: .channelsFirst)
  }

  /// Of what is no image and no row: factors and terms, which need no place for the channels.
  private func expressFactors(
    _ layer: Layer, _ input: Value, _ graph: inout GraphBuilder
  ) throws -> Value {
    var factors = try graph.numbers(layer, "moving_variance").map { 1 / ($0 + epsilon).squareRoot() }
    if scale { factors = zip(factors, try graph.numbers(layer, "gamma")).map { $0 * $1 } }
    var terms = zip(try graph.numbers(layer, "moving_mean"), factors).map { -$0 * $1 }
    if center { terms = zip(terms, try graph.numbers(layer, "beta")).map { $0 + $1 } }
    return graph.affine(input, factors, terms, at: layer.name)
  }
}

extension LayerNormalization: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    let channels = [input.channels]
    let gamma = graph.gamma(scale, layer, channels)
    let beta = center ? [graph.beta(true, layer, channels)] : []
    let name = graph.append(
      "LayerNormalization", [graph.read(input, .channelsLast), gamma] + beta, at: layer.name,
      [.init("axis", .integer(-1)), .init("epsilon", .number(epsilon))])
    return Value(name: name, shape: input.shape)
  }
}

extension GroupNormalization: Expressible {
  /// A group is an instance's channel, whose pixels are those of all its channels.
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    let (channels, isRow) = (input.channels, input.shape.rank == 1)
    let count = groups == -1 ? channels : groups
    // What has other axes than an image and a row is turned as one: rows of pixels.
    let extents = isRow ? [channels] : [channels] + input.shape.dimensions.dropLast()
    let x = input.isImage ? graph.read(input, .channelsFirst) : graph.channelsAhead(input, at: layer.name)
    let grouped = graph.reshape(x, to: [count, -1], at: layer.name)
    let (ones, zeros) = ([Double](repeating: 1, count: count), [Double](repeating: 0, count: count))
    let unit = graph.append(
      "InstanceNormalization",
      [
        grouped, graph.constant(ones, [count], "\(layer.name)/ones"),
        graph.constant(zeros, [count], "\(layer.name)/zeros"),
      ], at: layer.name, [.init("epsilon", .number(epsilon))])
    var name = graph.reshape(unit, to: extents, at: layer.name)
    let own = [channels] + [Int](repeating: 1, count: extents.count - 1)
    if scale {
      name = graph.append("Mul", [name, graph.parameter(layer, "gamma", extents: own)], at: layer.name)
    }
    if center {
      name = graph.append("Add", [name, graph.parameter(layer, "beta", extents: own)], at: layer.name)
    }
    guard !input.isImage else { return Value(name: name, shape: input.shape, order: .channelsFirst) }
    return Value(name: graph.channelsBehind(name, input.shape.rank, at: layer.name), shape: input.shape)
  }
}

extension UnitNormalization: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    return graph.elementwise(input) { graph, x in
      let length = graph.append(
        "ReduceL2", [x], at: layer.name,
        [.init("axes", .integers([input.channelAxis])), .init("keepdims", .integer(1))])
      // Keras divides by no less.
      let least = graph.constant([1e-12], [], "\(layer.name)/least")
      return graph.append("Div", [x, graph.append("Max", [length, least], at: layer.name)], at: layer.name)
    }
  }
}

extension Rescaling: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    graph.affine(graph.input(of: layer), scale, offset, at: layer.name)
  }
}

extension LayerScale: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value {
    let input = graph.input(of: layer)
    let gamma = graph.parameter(layer, "gamma", extents: input.channelwise)
    return graph.elementwise(input) { graph, x in graph.append("Mul", [x, gamma], at: layer.name) }
  }
}

extension Normalization: Expressible {
  func express(_ layer: Layer, in graph: inout GraphBuilder) throws -> Value {
    let input = graph.input(of: layer)
    let means = try mean ?? graph.numbers(layer, "mean")
    let variances = try variance ?? graph.numbers(layer, "variance")
    // Keras divides by no less than its own epsilon.
    let deviations = variances.map { max($0.squareRoot(), 1e-7) }
    guard !axes.isEmpty else {
      let factors = invert ? deviations : deviations.map { 1 / $0 }
      let count = max(means.count, factors.count)
      let terms = zip(means.repeated(count), factors.repeated(count)).map { invert ? $0 : -$0 * $1 }
      return graph.affine(input, factors, terms, at: layer.name)
    }
    let own = input.shape.dimensions.enumerated().map { axes.contains($0 + 1) ? $1 : 1 }
    func constant(_ numbers: [Double], _ name: String) -> String {
      graph.constant(input.placed(numbers, own), input.ordered(own), "\(layer.name)/\(name)")
    }
    let shift = constant(means, "mean")
    let scale = constant(deviations.map { invert ? $0 : 1 / $0 }, "scale")
    return graph.elementwise(input) { graph, x in
      let first = graph.append(invert ? "Mul" : "Sub", [x, invert ? scale : shift], at: layer.name)
      return graph.append(invert ? "Add" : "Mul", [first, invert ? shift : scale], at: layer.name)
    }
  }
}

extension Value {
  /// Numbers of `extents`, `[H, W, C]`, as they come in the value's order.
  fileprivate func placed(_ numbers: [Double], _ extents: [Int]) -> [Double] {
    guard isImage, order == .channelsFirst, extents.count == 3 else { return numbers }
    let pixels = extents[0] * extents[1]
    return (0..<extents[2]).flatMap { channel in
      (0..<pixels).map { numbers[$0 * extents[2] + channel] }
    }
  }
}

extension [Double] {
  /// One number for each channel, where there may be one for all.
  func repeated(_ channels: Int) -> [Double] {
    count == channels ? self : [Double](repeating: first ?? 0, count: channels)
  }
}

extension GraphBuilder {
  fileprivate mutating func gamma(_ isThere: Bool, _ layer: Layer, _ extents: [Int]) -> String {
    isThere
      ? parameter(layer, "gamma", extents: extents)
      : constant([1].repeated(extents[0]), extents, "\(layer.name)/gamma")
  }

  fileprivate mutating func beta(_ isThere: Bool, _ layer: Layer, _ extents: [Int]) -> String {
    isThere
      ? parameter(layer, "beta", extents: extents)
      : constant([0].repeated(extents[0]), extents, "\(layer.name)/beta")
  }

  /// Appends `x * scale + shift`, with one number for all channels or one for each; nothing where nothing changes.
  mutating func affine(
    _ value: Value, _ scale: [Double], _ shift: [Double], at place: String
  ) -> Value {
    elementwise(value) { graph, x in
      func numbers(_ numbers: [Double], _ name: String) -> String {
        graph.constant(numbers, numbers.count == 1 ? [] : value.channelwise, "\(place)/\(name)")
      }
      var name = x
      if scale.contains(where: { $0 != 1 }) {
        name = graph.append("Mul", [name, numbers(scale, "scale")], at: place)
      }
      if shift.contains(where: { $0 != 0 }) {
        name = graph.append("Add", [name, numbers(shift, "shift")], at: place)
      }
      return name
    }
  }

  /// The name of what is no image with its channels ahead of its other axes.
  fileprivate mutating func channelsAhead(_ value: Value, at place: String) -> String {
    let rank = value.shape.rank
    guard rank > 1 else { return read(value) }
    return append(
      "Transpose", [read(value)], at: place, [.init("perm", .integers([0, rank] + Array(1..<rank)))])
  }

  /// The other way round.
  fileprivate mutating func channelsBehind(_ name: String, _ rank: Int, at place: String) -> String {
    guard rank > 1 else { return name }
    return append(
      "Transpose", [name], at: place, [.init("perm", .integers([0] + Array(2...rank) + [1]))])
  }
}

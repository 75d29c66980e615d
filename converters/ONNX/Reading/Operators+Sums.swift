import Catalog
import Tensors

extension GraphTranslation {
  /// Weights that a node reads at `index`, of so many axes.
  func weights(_ call: OperatorCall, _ index: Int, axes: Int, _ what: String) throws -> StridedNumbers {
    guard case .numbers(let numbers)? = call.input(index) else {
      throw Refusal("its \(what) is no tensor of the file")
    }
    guard numbers.extents.count == axes, numbers.extents.allSatisfy({ $0 > 0 }) else {
      throw Refusal("its \(what) has the extents \(numbers.extents.prefix(8)); expected \(axes) of them")
    }
    return numbers
  }

  /// One number for each of `count` channels, at an input that may be left out.
  func channelwise(_ call: OperatorCall, _ index: Int, _ count: Int, _ what: String) throws -> StridedNumbers?
  {
    guard let value = call.input(index) else { return nil }
    guard case .numbers(let numbers) = value, numbers.count == count,
      let row = numbers.reshaped([count])
    else { throw Refusal("its \(what) is not one number for each of \(count) channels") }
    return row
  }

  mutating func convolution(_ call: OperatorCall) throws -> Maps {
    let input = try image(call.input(0), axes: Maps.channelsFirst, call.node)
    let kernel = try weights(call, 1, axes: 4, "kernel")
    let (filters, depth) = (kernel.extents[0], kernel.extents[1])
    let groups = try call.integer("group", 1)
    guard let channels = shape(of: input)[2], groups > 0,
      channels == depth.multipliedReportingOverflow(by: groups).partialValue,
      filters.isMultiple(of: groups), filters <= 1 << 20
    else {
      throw Refusal(
        "its \(groups) groups of \(depth) channels are not those of its input, \(shape(of: input)[2] ?? 0)")
    }
    let size = Extent(kernel.extents[2], kernel.extents[3])
    var window = try SlidingWindow(call, size: size)
    let framed = try frame(input, &window, EdgePads(call, window, shape(of: input)), call.node)
    let bias = try channelwise(call, 2, filters, "bias")
    let biases = bias.map { [("bias", $0)] } ?? []
    if groups == channels, depth == 1, groups > 1 {
      let multiplier = filters / channels
      let own = kernel.splitting(0, into: [channels, multiplier]).permuted([3, 4, 0, 1, 2])
      guard let last = own.dropping(axis: 4) else { throw Refusal("its kernel is of an unknown form") }
      let layer = DepthwiseConv2D { [window] in
        ($0.window, $0.useBias, $0.depthMultiplier) = (window, bias != nil, multiplier)
      }
      let made = try append(layer, [framed.layer], for: call.node, [("depthwise_kernel", last)] + biases)
      return Maps(made, axes: Maps.channelsFirst)
    }
    let layer = Conv2D { [window] in
      ($0.filters, $0.window, $0.useBias, $0.groups) = (filters, window, bias != nil, groups)
    }
    let own = kernel.permuted([2, 3, 1, 0])
    return Maps(
      try append(layer, [framed.layer], for: call.node, [("kernel", own)] + biases), axes: Maps.channelsFirst)
  }

  mutating func gemm(_ call: OperatorCall) throws -> Maps {
    guard try call.integer("transA", 0) == 0 else { throw Refusal("its transA is 1; expected 0") }
    let input = try maps(call.input(0))
    guard input.isRow else {
      throw Refusal("it reads values of \(input.axes.count + 1) axes; expected rows, of 2")
    }
    var kernel = try weights(call, 1, axes: 2, "kernel")
    if try call.integer("transB", 0) != 0 { kernel = kernel.permuted([1, 0]) }
    kernel = kernel.scaled(by: try call.number("alpha", 1))
    let bias = try channelwise(call, 2, kernel.extents[1], "bias")?.scaled(by: try call.number("beta", 1))
    return try dense(input, kernel, bias, call.node)
  }

  mutating func product(_ call: OperatorCall) throws -> Maps {
    let input = try maps(call.input(0))
    return try dense(input, weights(call, 1, axes: 2, "second factor"), nil, call.node)
  }

  /// Weighted sums over the last axis of the graph's; `kernel` is `[in, out]`.
  private mutating func dense(
    _ input: Maps, _ kernel: StridedNumbers, _ bias: StridedNumbers?, _ node: ONNXNode
  ) throws -> Maps {
    var (input, own) = (input, kernel)
    guard let last = input.axes.last else { throw Refusal("it reads no rows") }
    if !input.isRow, last != input.axes.count - 1 {
      input = try turned(input, to: Array(input.axes.indices), node)
    }
    let channels = shape(of: input).last ?? nil
    guard channels == kernel.extents[0], kernel.extents[1] <= 1 << 20 else {
      throw Refusal("its kernel is for \(kernel.extents[0]) numbers, its input has \(channels ?? 0)")
    }
    if let extents = input.flattened {
      // Rows of the kernel in our order: pixel by pixel.
      own = kernel.splitting(0, into: [extents[2], extents[0], extents[1]]).permuted([1, 2, 0, 3])
    }
    let layer = Dense { ($0.units, $0.useBias) = (kernel.extents[1], bias != nil) }
    let weights = [("kernel", own)] + (bias.map { [("bias", $0)] } ?? [])
    return Maps(try append(layer, [input.layer], for: node, weights), axes: input.axes)
  }

  mutating func batchNormalization(_ call: OperatorCall) throws -> Maps {
    guard try call.integer("training_mode", 0) == 0, try call.integer("spatial", 1) == 1 else {
      throw Refusal("it computes with the statistics of a batch, as in training")
    }
    var input = try plain(maps(call.input(0)))
    if !input.isRow { input = try image(.maps(input), axes: Maps.channelsFirst, call.node) }
    guard let channels = shape(of: input).last ?? nil else { throw Refusal("its channels are not known") }
    var weights: [(String, StridedNumbers)] = []
    for (index, role) in ["gamma", "beta", "moving_mean", "moving_variance"].enumerated() {
      guard let numbers = try channelwise(call, index + 1, channels, role) else {
        throw Refusal("it has no \(role)")
      }
      weights.append((role, numbers))
    }
    let epsilon = try call.number("epsilon", 1e-5)
    let layer = BatchNormalization { $0.epsilon = epsilon.asWritten }
    return Maps(try append(layer, [input.layer], for: call.node, weights), axes: input.axes)
  }

  mutating func layerNormalization(_ call: OperatorCall) throws -> Maps {
    var input = try plain(maps(call.input(0)))
    let axis = try call.integer("axis", -1)
    guard axis == -1 || axis == input.axes.count else {
      throw Refusal("its axis is \(axis); expected the last alone")
    }
    if input.axes.last != input.axes.count - 1 { input = try turned(input, to: Maps.channelsLast, call.node) }
    guard let channels = shape(of: input).last ?? nil else { throw Refusal("its channels are not known") }
    let gamma = try channelwise(call, 1, channels, "scale")
    let beta = try channelwise(call, 2, channels, "bias")
    let epsilon = try call.number("epsilon", 1e-5)
    let layer = LayerNormalization {
      ($0.epsilon, $0.scale, $0.center) = (epsilon.asWritten, gamma != nil, beta != nil)
    }
    let weights = (gamma.map { [("gamma", $0)] } ?? []) + (beta.map { [("beta", $0)] } ?? [])
    return Maps(try append(layer, [input.layer], for: call.node, weights), axes: input.axes)
  }

  mutating func learntSlope(_ call: OperatorCall) throws -> GraphValue {
    let input = try plain(maps(call.input(0)))
    guard case .numbers(let slope)? = call.input(1) else {
      throw Refusal("its slope is no tensor of the file")
    }
    if slope.count == 1 {
      let number = try numbers.values(of: slope.tensor)[0]
      return .maps(try activated(.leakyReLU(negativeSlope: number), input, call.node))
    }
    let own = shape(of: input)
    // Its axes are the last of the graph's, without the batch's.
    let extents = slope.extents.count > input.axes.count ? Array(slope.extents.dropFirst()) : slope.extents
    let all = [Int](repeating: 1, count: max(0, input.axes.count - extents.count)) + extents
    guard all.count == input.axes.count, let numbers = slope.reshaped(all) else {
      throw Refusal("its slope has the extents \(slope.extents.prefix(8))")
    }
    var order = [Int](repeating: 0, count: all.count)
    for (place, axis) in input.axes.enumerated() { order[axis] = place }
    let turned = numbers.permuted(order)
    let shared = turned.extents.indices.filter { turned.extents[$0] == 1 && own[$0] != 1 }
    guard turned.extents.indices.allSatisfy({ turned.extents[$0] == 1 || turned.extents[$0] == own[$0] })
    else {
      throw Refusal("its slope has the extents \(slope.extents.prefix(8))")
    }
    let layer = PReLU { $0.sharedAxes = shared.map { $0 + 1 } }
    return .maps(
      Maps(try append(layer, [input.layer], for: call.node, [("alpha", turned)]), axes: input.axes))
  }
}

extension StridedNumbers {
  /// The same without an axis of one position; nil where it has more.
  fileprivate func dropping(axis: Int) -> StridedNumbers? {
    guard extents[axis] == 1 else { return nil }
    var copy = self
    copy.extents.remove(at: axis)
    copy.strides.remove(at: axis)
    return copy
  }
}

extension Double {
  /// The shortest number that is the same in single precision: 1e-5, not 0.000009999999747378752.
  var asWritten: Double { Double("\(Float(self))") ?? self }
}

import Catalog
import Tensors

extension GraphTranslation {
  /// A number of the file; nil for anything else, and for several.
  mutating func single(_ value: GraphValue) throws -> Double? {
    switch value {
    case .numbers(let numbers):
      guard numbers.count == 1 else { return nil }
      return try self.numbers.values(of: numbers.tensor)[0].written(numbers.tensor)
    case .extents(let extents, _):
      guard extents.count == 1, case .number(let number) = extents[0] else { return nil }
      return Double(number)
    case .number(let number): return number
    case .maps, .pixels, .part, .nothing: return nil
    }
  }

  /// Few numbers of the file, in the order of their extents.
  mutating func values(_ numbers: StridedNumbers) throws -> [Double] {
    guard numbers.count <= 1 << 16 else { throw Refusal("it computes with \(numbers.count) numbers") }
    guard let row = numbers.reshaped([numbers.count]) else { throw Refusal("its numbers are transposed") }
    return try self.numbers.values(of: row.tensor).map { $0 * row.factor }
  }

  mutating func arithmetic(_ kind: Pixels.Step.Kind, _ call: OperatorCall) throws -> [GraphValue] {
    guard call.inputs.count == 2, var left = call.input(0), var right = call.input(1) else {
      throw Refusal("it reads \(call.inputs.count) values; expected two")
    }
    if case .extents = left, case .numbers = right { right = .extents(try extents(right), isList: true) }
    if case .extents = right, case .numbers = left { left = .extents(try extents(left), isList: true) }
    switch (left, right) {
    case (.extents, .extents): return [try extentArithmetic(kind, left, right)]
    default: break
    }
    switch (left.isConstant, right.isConstant) {
    case (true, true): throw Refusal("it computes with numbers of the file alone")
    case (true, false): return [try affine(kind, right, left, isFirst: true, call)]
    case (false, true): return [try affine(kind, left, right, isFirst: false, call)]
    case (false, false): return [try combined(kind, left, right, call)]
    }
  }

  private mutating func extentArithmetic(
    _ kind: Pixels.Step.Kind, _ left: GraphValue, _ right: GraphValue
  ) throws -> GraphValue {
    guard case .extents(let first, let isList) = left, case .extents(let second, let isOther) = right else {
      return .nothing
    }
    let count = max(first.count, second.count)
    guard [first.count, second.count].allSatisfy({ $0 == count || $0 == 1 }) else {
      throw Refusal("it computes with \(first.count) and \(second.count) numbers")
    }
    let results = try (0..<count).map { index in
      let pair = (first[first.count == 1 ? 0 : index], second[second.count == 1 ? 0 : index])
      switch (pair, kind) {
      case ((.number(let left), .number(let right)), _):
        let (result, overflow): (Int, Bool) =
          switch kind {
          case .add: left.addingReportingOverflow(right)
          case .subtract: left.subtractingReportingOverflow(right)
          case .multiply: left.multipliedReportingOverflow(by: right)
          case .divide: left.dividedReportingOverflow(by: right)
          }
        guard !overflow else { throw Refusal("its numbers are too large") }
        return GraphExtent.number(result)
      case ((let extent, .number(1)), .multiply), ((let extent, .number(1)), .divide),
        ((.number(1), let extent), .multiply):
        return extent
      default: throw Refusal("it computes with the number of images, or with a size that is open")
      }
    }
    return .extents(results, isList: isList || isOther)
  }

  /// Maps or pixels and numbers of the file, one for all channels or one for each.
  private mutating func affine(
    _ kind: Pixels.Step.Kind, _ value: GraphValue, _ constant: GraphValue, isFirst: Bool,
    _ call: OperatorCall
  ) throws -> GraphValue {
    if case .part(let part) = value { return try partial(kind, part, constant, call) }
    if isFirst, kind == .divide { throw Refusal("it divides numbers by an image") }
    if case .pixels(let pixels) = value, !isFirst || kind != .subtract,
      let channel = pixels.isSingle ? 0 : pixels.axes.firstIndex(of: 2)
    {
      let count = pixels.channels.count
      let numbers = try channelNumbers(
        constant, axis: pixels.isSingle ? nil : channel, rank: pixels.axes.count, count)
      guard kind != .divide || !numbers.contains(0) else { throw Refusal("it divides by 0") }
      var scaled = pixels
      scaled.steps.append(
        .init(
          kind: kind, numbers: numbers.count == count ? numbers : Array(repeating: numbers[0], count: count)))
      guard scaled.steps.count <= 16 else { return .maps(try finish(scaled)) }
      return .pixels(scaled)
    }
    var maps = try plain(maps(value))
    guard let channels = shape(of: maps).last ?? nil, let last = maps.axes.firstIndex(of: maps.axes.count - 1)
    else {
      throw Refusal("its channels are not known")
    }
    if case .numbers(let numbers) = constant, numbers.count == channels, channels > 1,
      !isFirst || kind != .subtract,
      let made = try absorbed(kind, maps, numbers, axis: last, isReadOnce(maps.layer), call.node)
    {
      return .maps(made)
    }
    let numbers = try channelNumbers(constant, axis: last, rank: maps.axes.count, channels)
    switch kind {
    case .add: maps = try rescaled(maps, scale: [1], offset: numbers, call.node)
    case .subtract where isFirst: maps = try rescaled(maps, scale: [-1], offset: numbers, call.node)
    case .subtract: maps = try rescaled(maps, scale: [1], offset: numbers.map { -$0 }, call.node)
    case .multiply: maps = try rescaled(maps, scale: numbers, offset: [0], call.node)
    case .divide:
      guard !numbers.contains(0) else { throw Refusal("it divides by 0") }
      maps = try rescaled(maps, scale: numbers.map { 1 / $0 }, offset: [0], call.node)
    }
    return .maps(maps)
  }

  /// One number, or one for each channel of values whose channels are at `axis` of `rank`.
  private mutating func channelNumbers(
    _ constant: GraphValue, axis: Int?, rank: Int, _ channels: Int
  ) throws -> [Double] {
    if let number = try single(constant) { return [number] }
    guard case .numbers(let numbers) = constant else { throw Refusal("it computes with extents") }
    try checkPlace(of: numbers, axis: axis, rank: rank, channels)
    return try values(numbers)
  }

  /// Makes sure that numbers are one for each channel; axes are counted from the end, as they are repeated.
  private func checkPlace(of numbers: StridedNumbers, axis: Int?, rank: Int, _ channels: Int) throws {
    let place = axis.map { numbers.extents.count - rank + $0 }
    guard numbers.extents.enumerated().allSatisfy({ $1 == 1 || ($0 == place && $1 == channels) }) else {
      throw Refusal(
        "it computes with numbers of the extents \(numbers.extents.prefix(8)); expected one, or one for each channel"
      )
    }
  }

  /// Numbers for each channel as weights: the bias of the layer before, the scale and shift of a normalisation, or a layer of factors.
  private mutating func absorbed(
    _ kind: Pixels.Step.Kind, _ maps: Maps, _ numbers: StridedNumbers, axis: Int, _ isReadOnce: Bool,
    _ node: ONNXNode
  ) throws -> Maps? {
    guard let row = numbers.reshaped([numbers.count]) else { return nil }
    try checkPlace(of: numbers, axis: axis, rank: maps.axes.count, numbers.count)
    let layer = maps.layer
    switch (kind, layers[layer].operation) {
    case (.add, var operation as any BiasedOperation) where isReadOnce && !operation.useBias:
      operation.useBias = true
      change(layer) {
        $0.operation = operation; $0.weights.append(("bias", row))
      }
    case (.add, var operation as LayerNormalization) where isReadOnce && !operation.center:
      operation.center = true
      change(layer) {
        $0.operation = operation; $0.weights.append(("beta", row))
      }
    case (.multiply, var operation as LayerNormalization)
    where isReadOnce && !operation.scale && !operation.center:
      operation.scale = true
      change(layer) {
        $0.operation = operation; $0.weights.insert(("gamma", row), at: 0)
      }
    case (.multiply, _):
      return Maps(try append(LayerScale(), [layer], for: node, [("gamma", row)]), axes: maps.axes)
    default: return nil
    }
    return maps
  }

  /// `x * scale + offset`; with the layer before, where that does no more than this.
  mutating func rescaled(
    _ maps: Maps, scale: [Double], offset: [Double], _ node: ONNXNode
  ) throws -> Maps {
    var (source, scale, offset) = (maps.layer, scale, offset)
    if let before = layers[source].operation as? Rescaling,
      [before.scale, before.offset, scale, offset].allSatisfy({ $0.count == 1 })
    {
      offset[0] += before.offset[0] * scale[0]
      scale[0] *= before.scale[0]
      source = layers[source].inputs[0]
    }
    var result = maps
    guard scale.contains(where: { $0 != 1 }) || offset.contains(where: { $0 != 0 }) else {
      result.layer = source
      return result
    }
    guard (scale + offset).allSatisfy(\.isFinite) else {
      throw Refusal("it computes with numbers that are infinite")
    }
    result.layer = try append(Rescaling { ($0.scale, $0.offset) = (scale, offset) }, [source], for: node)
    return result
  }

  /// A part of a layer and a number.
  private mutating func partial(
    _ kind: Pixels.Step.Kind, _ part: LayerPart, _ constant: GraphValue, _ call: OperatorCall
  ) throws -> GraphValue {
    guard let number = try single(constant) else { throw Refusal("it computes with a part of an activation") }
    switch (kind, part) {
    case (.add, .errorFunction(let maps)) where number == 1: return .part(.twiceDistribution(maps, 1))
    case (.multiply, .twiceDistribution(let maps, let factor)):
      return .part(.twiceDistribution(maps, factor * number))
    case (.divide, .twiceDistribution(let maps, let factor)) where number != 0:
      return .part(.twiceDistribution(maps, factor / number))
    case (.add, .variance(let maps)): return .part(.stabilised(maps, number))
    default: throw Refusal("it computes with a part of an activation or of a normalisation")
    }
  }

  /// Two values that images make.
  private mutating func combined(
    _ kind: Pixels.Step.Kind, _ left: GraphValue, _ right: GraphValue, _ call: OperatorCall
  ) throws -> GraphValue {
    switch (left, right, kind) {
    case (.part(.twiceDistribution(let own, let factor)), let other, .multiply),
      (let other, .part(.twiceDistribution(let own, let factor)), .multiply):
      return .maps(try distributed(own, factor, by: maps(other), call.node))
    case (let value, .part(.mean(let mean)), .subtract):
      guard try plain(maps(value)) == mean else { throw Refusal("it takes off the mean of something else") }
      return .part(.centred(mean))
    case (.part(.centred(let first)), .part(.centred(let second)), .multiply) where first == second:
      return .part(.squared(first))
    case (.part(.centred(let maps)), .part(.deviation(let other, let epsilon)), .divide) where maps == other:
      return .maps(try normalised(maps, epsilon, call.node))
    default: break
    }
    switch kind {
    case .add: return try merge(Add(), call)[0]
    case .multiply: return try merge(Multiply(), call)[0]
    case .subtract: return try merge(Subtract(), call)[0]
    case .divide: throw Refusal("it divides an image by another")
    }
  }

  private mutating func normalised(_ maps: Maps, _ epsilon: Double, _ node: ONNXNode) throws -> Maps {
    guard epsilon > 0, epsilon < 1 else { throw Refusal("its epsilon is \(epsilon)") }
    let layer = LayerNormalization { ($0.epsilon, $0.scale, $0.center) = (epsilon, false, false) }
    return Maps(try append(layer, [maps.layer], for: node), axes: maps.axes)
  }

  /// `x * factor * (1 + erf(x / sqrt(2)))`: a GELU where the factor is a half.
  private mutating func distributed(
    _ own: Maps, _ factor: Double, by other: Maps, _ node: ONNXNode
  ) throws -> Maps {
    var factor = factor
    if other.layer != own.layer {
      guard let scaled = layers[other.layer].operation as? Rescaling, scaled.offset == [0],
        scaled.scale.count == 1,
        layers[other.layer].inputs == [own.layer]
      else { throw Refusal("it multiplies a part of a GELU with something else") }
      factor *= scaled.scale[0]
    }
    let gelu = try activated(.gelu, own, node)
    return try rescaled(gelu, scale: [2 * factor], offset: [0], node)
  }
}

extension GraphTranslation {
  /// Several values element by element, each as often repeated as the others ask for.
  mutating func merge(_ operation: any LayerOperation, _ call: OperatorCall) throws -> [GraphValue] {
    var all: [Maps] = []
    for value in call.inputs {
      var maps = try maps(value)
      if maps.flattened != all.first?.flattened { maps = try plain(maps) }
      all.append(maps)
    }
    guard let first = all.first, all.count > 1 else { return all.map { .maps($0) } }
    if all.contains(where: { $0.flattened != first.flattened }) { all = try all.map { try plain($0) } }
    guard all.allSatisfy({ $0.axes.count == first.axes.count }) else {
      throw Refusal("it reads values of different numbers of axes")
    }
    // Where the first is one pixel, another decides where axes are.
    let leader = all.first { !isPixel($0) } ?? first
    let layers = try all.map { try turned($0, to: leader.axes, call.node).layer }
    if let gated = try gated(operation, layers, leader, call.node) { return [.maps(gated)] }
    var result = leader
    result.flattened = all[0].flattened
    result.layer = try append(operation, layers, for: call.node)
    return [.maps(result)]
  }

  private func isPixel(_ maps: Maps) -> Bool { shape(of: maps).dropLast().allSatisfy { $0 == 1 } }

  /// `x * sigmoid(x)` and its like, which are activations.
  private mutating func gated(
    _ operation: any LayerOperation, _ inputs: [Int], _ maps: Maps, _ node: ONNXNode
  ) throws -> Maps? {
    guard operation is Multiply, inputs.count == 2 else { return nil }
    for (x, gate) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
      guard let layer = layers[gate].operation as? ActivationLayer, layers[gate].inputs == [x] else {
        continue
      }
      switch layer.activation {
      case .sigmoid: return try activated(.silu, Maps(x, axes: maps.axes), node)
      case .hardSigmoid(let slope) where slope == 1.0 / 6:
        return try activated(.hardSilu, Maps(x, axes: maps.axes), node)
      default: continue
      }
    }
    return nil
  }

  /// Values side by side along an axis: extents, channels of the image, or maps.
  mutating func concatenation(_ call: OperatorCall) throws -> [GraphValue] {
    let axis = try call.integer("axis", 1)
    if call.inputs.contains(where: { if case .extents? = $0 { true } else { false } }) {
      return [try extentList(call)]
    }
    if let pixels = try joinedPixels(call, axis) { return [.pixels(pixels)] }
    var all: [Maps] = []
    for value in call.inputs { all.append(try plain(maps(value))) }
    guard let first = all.first else { throw Refusal("it joins nothing") }
    let count = first.axes.count
    let place = axis < 0 ? axis + count : axis - 1
    guard all.allSatisfy({ $0.axes.count == count }), first.axes.indices.contains(place) else {
      throw Refusal("it joins along the axis \(axis)")
    }
    guard all.count > 1 else { return [.maps(first)] }
    var axes = first.axes
    if axes[place] != count - 1 {
      axes = Array(0..<count)
      axes[place] = count - 1
      for other in axes.indices where other > place { axes[other] = other - 1 }
    }
    let layers = try all.map { try turned($0, to: axes, call.node).layer }
    let joined = Maps(try append(Concatenate(), layers, for: call.node), axes: axes)
    return [.maps(try turned(joined, to: first.axes, call.node))]
  }

  private mutating func extentList(_ call: OperatorCall) throws -> GraphValue {
    var list: [GraphExtent] = []
    for value in call.inputs {
      guard let value, case let found = try extents(value), list.count + found.count <= 1024 else {
        throw Refusal("it joins extents with something else")
      }
      list += found
    }
    return .extents(list, isList: true)
  }

  /// Channels of the image put together again.
  private func joinedPixels(_ call: OperatorCall, _ axis: Int) throws -> Pixels? {
    var joined: Pixels?
    for value in call.inputs {
      guard case .pixels(let pixels)? = value, !pixels.isSingle else { return nil }
      guard var all = joined else {
        joined = pixels
        continue
      }
      let place = axis < 0 ? axis + pixels.axes.count : axis - 1
      guard all.axes == pixels.axes, all.axes.indices.contains(place), all.axes[place] == 2,
        all.steps.map(\.kind) == pixels.steps.map(\.kind), all.channels.count + pixels.channels.count <= 16
      else { return nil }
      all.channels += pixels.channels
      for index in all.steps.indices { all.steps[index].numbers += pixels.steps[index].numbers }
      joined = all
    }
    return joined
  }
}

extension GraphValue {
  /// Whether it is the same for every image.
  fileprivate var isConstant: Bool {
    switch self {
    case .numbers, .extents, .number: true
    case .maps, .pixels, .part, .nothing: false
    }
  }
}

extension Double {
  /// The shortest number that is the same in the tensor's precision.
  fileprivate func written(_ tensor: ONNXTensor) -> Double { tensor.elementType == 1 ? asWritten : self }
}

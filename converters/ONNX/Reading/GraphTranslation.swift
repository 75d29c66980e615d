import Catalog
import Encoding
import Tensors

/// Makes layers of an ONNX graph. Images there are `[N, C, H, W]` or in any other order of axes, here `[N, H, W, C]`: where each axis is
/// goes from value to value, and operators that only exchange axes become nothing.
struct GraphTranslation {
  let file: ONNXFile
  var numbers: ONNXNumbers
  private(set) var layers: [LayerDraft] = []
  var values: [String: GraphValue] = [:]
  /// How many nodes read a value; an output counts as one.
  private var readers: [String: Int] = [:]
  private(set) var problems: [String] = []
  /// How many images a batch has; nil for any number.
  private(set) var batch: Int?
  /// How pixels are scaled ahead of the network, as far as the graph begins with that.
  private(set) var preprocessing: Preprocessing?
  /// Whether pixels are scaled by the first layers.
  private(set) var scalesPixels = false
  /// What is to be known of the pixels.
  private(set) var notes: [String] = []
  private var pixelsRead: (pixels: Pixels, layer: Int)?
  /// Layers that more than one node reads, or that go by a value that more than one reads.
  private var shared: Set<Int> = []

  init(_ file: ONNXFile, _ numbers: ONNXNumbers) { (self.file, self.numbers) = (file, numbers) }

  /// Translates all that leads to the output, and returns what that is; nil where there are problems.
  mutating func translate(_ input: ONNXFile.Port, _ output: ONNXFile.Port) throws(ONNXModelError) -> Maps? {
    let needed = nodesNeeded(for: output.name)
    try begin(input, needed)
    refuseUnknownOperators(needed)
    guard problems.isEmpty else { return nil }
    for node in needed { try translate(node) }
    guard problems.isEmpty else { return nil }
    do {
      guard let value = values[output.name] else {
        throw Refusal("no node gives its output '\(output.name.prefix(80))'")
      }
      var maps = try plain(self.maps(value))
      // Rows, columns and channels, whatever the graph's order is.
      if !maps.isRow, maps.axes != Maps.channelsFirst, maps.axes != Maps.channelsLast {
        let isFirst = readsChannelsFirst
        let node = ONNXNode(type: "Transpose", name: "output")
        maps = try turned(maps, to: isFirst ? Maps.channelsFirst : Maps.channelsLast, node)
      }
      // Of one probability, the other beside it.
      if let single = complemented(maps) { maps = single }
      return maps
    } catch let refusal as Refusal {
      problems.append(refusal.reason)
    } catch {
      throw Self.own(error)
    }
    return nil
  }

  /// Errors of a body that throws refusals and these alone.
  private static func own(_ error: any Error) -> ONNXModelError {
    error as? ONNXModelError ?? .damaged(place: "", reason: "\(error)")
  }

  /// The nodes that lead to a value, in the file's order.
  private mutating func nodesNeeded(for output: String) -> [ONNXNode] {
    var makers: [String: Int] = [:]
    for (index, node) in file.nodes.enumerated() {
      for name in node.outputs where !name.isEmpty { makers[name] = index }
    }
    var needed: Set<Int> = []
    var open = [output]
    readers[output] = 1
    while let name = open.popLast() {
      guard let index = makers[name], needed.insert(index).inserted else { continue }
      for input in file.nodes[index].inputs where !input.isEmpty {
        readers[input, default: 0] += 1
        open.append(input)
      }
    }
    return needed.sorted().map { file.nodes[$0] }
  }

  /// Whether images come with their channels ahead of rows and columns.
  private var readsChannelsFirst: Bool { pixelsRead?.pixels.axes != Maps.channelsLast }

  /// Appends the input layer. Channels are the axis of one or three, or else that which the first operator takes for them.
  private mutating func begin(_ input: ONNXFile.Port, _ nodes: [ONNXNode]) throws(ONNXModelError) {
    let axes = input.axes ?? []
    guard axes.count == 4 else {
      problems.append(
        "its input '\(input.name.prefix(80))' has \(input.axes == nil ? "unknown" : "\(axes.count)") axes; expected images: "
          + "4 axes, of which the first is the batch's")
      return
    }
    guard [0, 1, 10, 11].contains(input.elementType) else {
      problems.append("its input '\(input.name.prefix(80))' has whole numbers; expected floats")
      return
    }
    if case .extent(let count) = axes[0] { batch = count }
    func extent(_ axis: Int) -> Int? { if case .extent(let count) = axes[axis] { count } else { nil } }
    let reader = nodes.first { $0.inputs.contains(input.name) }
    var isLast = reader.map { Self.readsChannelsLast($0) } ?? false
    if [1, 3].contains(extent(1)), ![1, 3].contains(extent(3)) { isLast = false }
    if [1, 3].contains(extent(3)), ![1, 3].contains(extent(1)) { isLast = true }
    let order = isLast ? Maps.channelsLast : Maps.channelsFirst
    let channels = extent(isLast ? 3 : 1) ?? 3
    let (height, width) = isLast ? (extent(1), extent(2)) : (extent(2), extent(3))
    guard [height, width].allSatisfy({ 1...65536 ~= $0 ?? 1 }), [1, 3].contains(channels) else {
      problems.append(
        "its images have \(channels) channels and \(height ?? 0) x \(width ?? 0) pixels; expected 1 or 3 channels"
      )
      return
    }
    layers = [
      LayerDraft(
        name: input.name, operation: InputLayer(channels: channels), inputs: [],
        shape: ActivationShape([height, width, channels]))
    ]
    values[input.name] = .pixels(Pixels(channels: Array(0..<channels), axes: order))
  }

  private static func readsChannelsLast(_ node: ONNXNode) -> Bool {
    guard node.type == "Transpose", case .integers([0, 3, 1, 2])? = node.attributes["perm"] else {
      return false
    }
    return true
  }

  /// What stands for whole operators nobody knows here is said of all at once, with how many there are of each.
  private mutating func refuseUnknownOperators(_ nodes: [ONNXNode]) {
    var found: [(type: String, first: String, count: Int)] = []
    for node in nodes where !node.domain.isEmpty || Self.operators[node.type] == nil {
      let type = (node.domain.isEmpty ? "" : node.domain + ".") + node.type
      if let index = found.firstIndex(where: { $0.type == type }) {
        found[index].count += 1
      } else if found.count < 100 {
        found.append((type, node.words, 1))
      }
    }
    problems += found.map { entry in
      let more = entry.count > 1 ? ", and \(entry.count - 1) more \(entry.type)" : ""
      return "\(entry.first)\(more): no layer here computes it"
    }
  }

  private mutating func translate(_ node: ONNXNode) throws(ONNXModelError) {
    guard let make = Self.operators[node.type] else { return }
    do {
      let inputs = try node.inputs.map { name -> GraphValue? in
        if name.isEmpty { return nil }
        if let value = values[name] { return value }
        if let tensor = file.tensors[name] {
          _ = try numbers.check(tensor)
          return .numbers(StridedNumbers(tensor))
        }
        throw Refusal("it reads '\(name.prefix(80))', which no node ahead of it gives")
      }
      // What is said of the first says it of all that read it.
      let isLost = inputs.contains { if case .nothing? = $0 { true } else { false } }
      for name in node.outputs { values[name] = .nothing }
      guard !isLost else { return }
      for (name, attribute) in node.attributes {
        if case .other(let what) = attribute { throw Refusal("its \(name.prefix(40)) is \(what)") }
      }
      let call = OperatorCall(node: node, inputs: inputs, version: file.operatorSet)
      let results = try make(&self, call)
      for (name, value) in zip(node.outputs, results) {
        values[name] = value
        if case .maps(let maps) = value, readers[name] ?? 0 > 1 { shared.insert(maps.layer) }
      }
    } catch let refusal as Refusal {
      if problems.count < 100 { problems.append("\(node.words): \(refusal.reason)") }
    } catch let problem as ShapeProblem {
      if problems.count < 100 { problems.append("\(node.words): \(problem.problem)") }
    } catch {
      throw Self.own(error)
    }
  }
}

extension GraphTranslation {
  /// Appends a layer and returns its number.
  mutating func append(
    _ operation: any LayerOperation, _ inputs: [Int], for node: ONNXNode,
    _ weights: [(role: String, numbers: StridedNumbers)] = []
  ) throws -> Int {
    let shape = try operation.outputShape(of: inputs.map { layers[$0].shape })
    guard let known = TensorShape(validating: shape.dimensions.map { $0 ?? 1 }),
      1...1 << 40 ~= known.elementCount, layers.count < 20_000
    else { throw Refusal("what it gives has too many numbers, or none") }
    var draft = LayerDraft(
      name: Self.name(of: node, weights.first?.numbers.tensor.name) + operation.suffix(besides: node.type),
      operation: operation, inputs: inputs,
      shape: shape, weights: weights)
    draft.isNeverNegative = operation.keepsAboveZero(inputs.map { layers[$0].isNeverNegative })
    layers.append(draft)
    return layers.count - 1
  }

  /// Changes a layer that nothing but the node at work has read.
  mutating func change(_ layer: Int, _ change: (inout LayerDraft) -> Void) { change(&layers[layer]) }

  func shape(of maps: Maps) -> [Int?] { layers[maps.layer].shape.dimensions }

  /// The extents of maps as the graph has them.
  func extents(of maps: Maps) -> [GraphExtent] {
    let own = shape(of: maps)
    return [.batch] + maps.axes.map { own[$0].map(GraphExtent.number) ?? .open }
  }

  /// Whether one node alone reads what a layer gives.
  func isReadOnce(_ layer: Int) -> Bool { !shared.contains(layer) }

  /// After which tensor or node a layer is called.
  private static func name(of node: ONNXNode, _ tensor: String?) -> String {
    let endings = [
      ".weight", "/kernel", "/depthwise_kernel", "/gamma", "/alpha", "/kernel:0", "/gamma:0", ".kernel",
      ".gamma",
    ]
    if let tensor, let ending = endings.first(where: { tensor.hasSuffix($0) }), tensor.count > ending.count {
      return String(tensor.dropLast(ending.count))
    }
    return node.name.isEmpty ? node.outputs.first ?? node.type : node.name
  }

  /// What a layer gives, whatever it is in the graph.
  mutating func maps(_ value: GraphValue?) throws -> Maps {
    switch value {
    case .maps(let maps): return maps
    case .pixels(let pixels): return try finish(pixels)
    case .numbers, .number: throw Refusal("it reads numbers of the file where an image is expected")
    case .extents: throw Refusal("it reads extents where an image is expected")
    case .part:
      throw Refusal(
        "it reads a part of a normalisation or of an activation that is written in another way here")
    case .nothing, nil: throw Refusal("one of its inputs is missing")
    }
  }

  /// The same as rows, columns and channels in an order of the graph's axes.
  mutating func image(_ value: GraphValue?, axes: [Int], _ node: ONNXNode) throws -> Maps {
    let maps = try maps(value)
    guard maps.axes.count == 3 else {
      throw Refusal("it reads values of \(maps.axes.count + 1) axes; expected images, of 4")
    }
    return try turned(maps, to: axes, node)
  }

  /// The same maps with their axes elsewhere.
  mutating func turned(_ maps: Maps, to axes: [Int], _ node: ONNXNode) throws -> Maps {
    guard maps.axes != axes else { return maps }
    var order = [Int](repeating: 1, count: axes.count)
    for (own, wanted) in zip(maps.axes, axes) { order[wanted] = own + 1 }
    return Maps(try append(Permute { $0.axes = order }, [maps.layer], for: node), axes: axes)
  }

  /// One row of numbers in the graph's order.
  mutating func plain(_ maps: Maps) throws -> Maps {
    guard let extents = maps.flattened else { return maps }
    let node = ONNXNode(type: "Flatten", name: layers[maps.layer].name)
    let image = try append(Reshape { $0.shape = extents }, [maps.layer], for: node)
    let turned = try append(Permute { $0.axes = [3, 1, 2] }, [image], for: node)
    return Maps(row: try append(Flatten(), [turned], for: node))
  }
}

extension GraphTranslation {
  /// The layer that gives pixels as they are scaled. What the graph begins with becomes preprocessing where it is one: a divisor, means
  /// and deviations; else a layer.
  mutating func finish(_ pixels: Pixels) throws -> Maps {
    if let known = pixelsRead {
      var other = pixels
      other.axes = known.pixels.axes
      guard other == known.pixels else {
        throw Refusal("the image is read with its pixels scaled in two ways")
      }
      return Maps(known.layer, axes: pixels.axes)
    }
    let all = Array(0..<(layers[0].shape.channels ?? 0))
    let isReversed = all.count > 1 && pixels.channels == all.reversed()
    guard !pixels.isSingle, pixels.channels == all || isReversed else {
      throw Refusal(
        "it reads the channels \(pixels.channels.prefix(8)) of the image; expected all, in their order or the reverse"
      )
    }
    var layer = 0
    let order: Preprocessing.ChannelOrder = isReversed ? .bgr : .rgb
    if let known = Preprocessing(pixels.steps, order), !pixels.steps.isEmpty {
      preprocessing = known
    } else {
      if isReversed {
        var plain = Preprocessing.unscaled.forChannels(all.count)
        (plain.label, plain.channelOrder) = ("bgr", .bgr)
        preprocessing = plain
      }
      if !pixels.steps.isEmpty {
        let (scale, offset) = pixels.factorsAndTerms
        let node = ONNXNode(type: "Rescaling", name: "rescaling")
        layer = try append(
          Rescaling { ($0.scale, $0.offset) = (scale.shortened, offset.shortened) }, [0], for: node)
        scalesPixels = zip(scale, offset).allSatisfy { abs($0 * 255 + $1) <= 300 && abs($1) <= 300 }
        if !scalesPixels {
          notes.append(
            "the graph begins with x * \(Float(scale[0])) + \(Float(offset[0])): its pixels were divided before, probably by 255, which "
              + "the preprocessing 'rescale' does")
        }
      }
    }
    pixelsRead = (pixels, layer)
    return Maps(layer, axes: pixels.axes)
  }

  /// Of one probability and what is left to 1, the former.
  private func complemented(_ maps: Maps) -> Maps? {
    let both = layers[maps.layer]
    guard both.operation is Concatenate, maps.isRow, both.inputs.count == 2,
      let rest = layers[both.inputs[0]].operation as? Rescaling, rest.scale == [-1], rest.offset == [1],
      layers[both.inputs[0]].inputs == [both.inputs[1]], layers[both.inputs[1]].shape.dimensions == [1]
    else { return nil }
    return Maps(row: both.inputs[1])
  }
}

extension Pixels {
  /// All steps as one: `x * factor + term`, one for each channel.
  fileprivate var factorsAndTerms: (factors: [Double], terms: [Double]) {
    var factors = [Double](repeating: 1, count: channels.count)
    var terms = [Double](repeating: 0, count: channels.count)
    for step in steps {
      for (channel, number) in step.numbers.enumerated() {
        switch step.kind {
        case .multiply:
          (factors[channel], terms[channel]) = (factors[channel] * number, terms[channel] * number)
        case .divide:
          (factors[channel], terms[channel]) = (factors[channel] / number, terms[channel] / number)
        case .add: terms[channel] += number
        case .subtract: terms[channel] -= number
        }
      }
    }
    return (factors, terms)
  }
}

extension Preprocessing {
  /// The steps as a division, means and deviations; nil where they are no such, or would not bring pixels of 0 to 255 anywhere.
  fileprivate init?(_ steps: [Pixels.Step], _ order: ChannelOrder) {
    var rest = steps[...]
    let count = steps.first?.numbers.count ?? 0
    var (divisor, mean, deviation) = (
      1.0, [Double](repeating: 0, count: count), [Double](repeating: 1, count: count)
    )
    if let step = rest.first, step.kind == .divide, Set(step.numbers).count == 1 {
      (divisor, rest) = (step.numbers[0], rest.dropFirst())
    }
    if let step = rest.first, step.kind == .subtract { (mean, rest) = (step.numbers, rest.dropFirst()) }
    if let step = rest.first, step.kind == .divide { (deviation, rest) = (step.numbers, rest.dropFirst()) }
    guard rest.isEmpty, divisor > 0, deviation.allSatisfy({ $0 > 0 }) else { return nil }
    let isSane = zip(mean, deviation).allSatisfy { mean, deviation in
      [0, 255].allSatisfy { abs(($0 / divisor - mean) / deviation) <= 300 }
    }
    guard isSane else { return nil }
    self.init(
      label: "onnx", channelOrder: order, divisor: Float(divisor), mean: mean.map { Float($0) },
      deviation: deviation.map { Float($0) })
    let known = Self.named.values.first { known in
      var (own, copy) = (self, known.forChannels(count))
      (own.label, copy.label) = ("", "")
      return own == copy
    }
    if let known { label = known.label }
  }
}

extension [Double] {
  /// One number where all are alike.
  var shortened: [Double] { Set(self).count == 1 ? [self[0]] : self }
}

extension LayerOperation {
  /// Whether nothing that comes of it is below 0, given which of its inputs have nothing below 0.
  fileprivate func keepsAboveZero(_ inputs: [Bool]) -> Bool {
    switch self {
    case let layer as ActivationLayer:
      switch layer.activation {
      case .relu(_, let slope, let threshold): slope == 0 && threshold >= 0
      case .sigmoid, .hardSigmoid, .softplus, .exponential, .softmax: true
      case .linear: inputs[0]
      case .leakyReLU, .elu, .selu, .silu, .hardSilu, .tanh, .gelu, .softsign, .mish: false
      }
    case is any PoolingOperation, is any GlobalPoolingOperation, is ZeroPadding2D, is Cropping2D,
      is Concatenate,
      is Add, is Multiply, is Average, is Minimum, is Reshape, is Permute, is Flatten, is UpSampling2D:
      !inputs.isEmpty && inputs.allSatisfy(\.self)
    case is Maximum: inputs.contains(true)
    default: false
    }
  }
}

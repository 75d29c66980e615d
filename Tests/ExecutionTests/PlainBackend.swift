import Catalog
import Execution
import Kernels
import Tensors

/// A machine of few words: every node as its work is defined, in double precision, one image after the other.
///
/// It sees what every backend sees, and shows that another one can stand where the processors do.
struct PlainBackend: Backend {
  func compile(_ computation: Computation, on pool: ThreadPool) -> any Executable {
    PlainProgram(graph: computation.graph, parameters: [computation.parameters])
  }
}

private struct PlainProgram: Executable, Runner {
  var graph: DataflowGraph
  var parameters: [ParameterSource]

  var steps: [PlannedStep] {
    graph.order.map { graph[$0] }.map {
      PlannedStep(layers: $0.layers, algorithm: "definition", output: $0.size, operations: 0)
    }
  }

  func appending(_ computation: Computation, toOutput index: Int, on pool: ThreadPool) -> any Executable {
    // A graph of its own behind this one: what is read by name stays apart.
    PlainChain(
      first: self, second: PlainProgram(graph: computation.graph, parameters: [computation.parameters]),
      output: index)
  }

  func runner(on pool: ThreadPool, images: Int?) -> any Runner { self }

  func run(_ input: Span<Float>, around: (Int, () throws -> Void) throws -> Void) throws -> [[Float]] {
    let size = graph[0].size.elements
    var outputs = [[Float]](repeating: [], count: graph.outputs.count)
    for start in stride(from: 0, to: input.count, by: size) {
      let image = (start..<start + size).map { Double(input[$0]) }
      var known: [Int: Image] = [:]
      for (step, id) in graph.order.enumerated() {
        let node = graph[id]
        try around(step) {
          let inputs = node.inputs.map { known[$0] ?? Image(graph[$0].size) }
          known[id] = node.operands.isEmpty && inputs.isEmpty ? source(node, image) : output(node, inputs)
        }
      }
      for (index, id) in graph.outputs.enumerated() {
        outputs[index] += (known[id]?.elements ?? []).map { Float($0) }
      }
    }
    return outputs
  }

  private func source(_ node: Node, _ image: [Double]) -> Image {
    if case .constant(let values) = node.work { return Image(node.size, values.map(Double.init)) }
    return Image(node.size, image)
  }
}

/// One program behind an output of another.
private struct PlainChain: Executable, Runner {
  var first: any Executable
  var second: PlainProgram
  var output: Int

  var steps: [PlannedStep] { first.steps + second.steps.dropFirst() }

  func appending(_ computation: Computation, toOutput index: Int, on pool: ThreadPool) -> any Executable {
    let next = PlainProgram(graph: computation.graph, parameters: [computation.parameters])
    return PlainChain(first: self, second: next, output: index)
  }

  func runner(on pool: ThreadPool, images: Int?) -> any Runner { self }

  func run(_ input: Span<Float>, around: (Int, () throws -> Void) throws -> Void) throws -> [[Float]] {
    var outputs = try first.runner(on: .single, images: nil).run(input, around: around)
    let features = outputs[output]
    let results = try second.run(features.span, around: around)
    outputs.replaceSubrange(output...output, with: results)
    return outputs
  }
}

/// An activation with rows, columns and channels.
private struct Image {
  var size: ImageSize
  var elements: [Double]

  init(_ size: ImageSize, _ elements: [Double] = []) { (self.size, self.elements) = (size, elements) }

  /// An image from what its elements are.
  init(_ size: ImageSize, _ element: (_ y: Int, _ x: Int, _ channel: Int) -> Double) {
    self.init(
      size,
      (0..<size.elements).map { index in
        let (pixel, channel) = index.quotientAndRemainder(dividingBy: size.channels)
        return element(pixel / size.width, pixel % size.width, channel)
      })
  }

  /// An element; nil outside.
  subscript(y: Int, x: Int, channel: Int) -> Double? {
    guard (0..<size.height).contains(y), (0..<size.width).contains(x) else { return nil }
    return elements[(y * size.width + x) * size.channels + channel]
  }
}

extension PlainProgram {
  private func numbers(_ layer: String, _ role: String) -> [Double] {
    parameters.lazy.map { parameters in
      let kernel = (try? parameters.kernels(of: [layer], on: .single).floats(layer, role)) ?? []
      return kernel.isEmpty ? parameters.floats(layer, role) : kernel
    }
    .first { !$0.isEmpty }?.map(Double.init) ?? []
  }

  /// The work, then its tail.
  private func output(_ node: Node, _ inputs: [Image]) -> Image {
    var result = computed(node, inputs)
    let channels = node.size.channels
    for index in result.elements.indices {
      if let affine = node.tail.affine {
        result.elements[index] =
          result.elements[index] * affine.scale[index % channels] + affine.shift[index % channels]
      }
      if node.residual != nil { result.elements[index] += inputs[inputs.count - 1].elements[index] }
    }
    return Image(node.size, PlainNetwork.activated(result.elements, node.tail.activation, channels: channels))
  }

  private func computed(_ node: Node, _ inputs: [Image]) -> Image {
    let (input, size) = (inputs[0], node.size)
    switch node.work {
    case .input, .elementwise, .reshape, .constant: return Image(size, input.elements)
    case .convolution(let convolution): return convolved(input, size, convolution)
    case .separable(let separable):
      let between = depthwise(
        input, size, (separable.layer, "depthwise_kernel"), separable.window, separable.multiplier,
        separable.inputActivation)
      let kernel = numbers(separable.layer, "pointwise_kernel")
      return Image(size) { y, x, filter in
        (0..<between.size.channels).reduce(0) {
          $0 + (between[y, x, $1] ?? 0) * kernel[$1 * size.channels + filter]
        }
      }
    case .depthwise(let work):
      return depthwise(
        input, size, (work.layer, work.role), work.window, work.multiplier, work.inputActivation)
    case .pooling(let window, let reduction):
      return Image(size) { y, x, channel in
        let values = window.taps(y, x).map { input[$0.y, $0.x, channel] }
        switch reduction {
        case .average: return values.compactMap(\.self).reduce(0, +) / Double(values.count { $0 != nil })
        case .maximum(let paddedWithZeros):
          return (paddedWithZeros ? values.map { $0 ?? 0 } : values.compactMap(\.self)).max() ?? 0
        }
      }
    case .sum: return paired(inputs, size, +)
    case .combine(let pairing): return combined(inputs, size, pairing)
    case .select(let selection): return selected(input, size, selection)
    case .concatenate:
      return Image(
        size,
        (0..<size.pixels).flatMap { pixel in
          inputs.flatMap { $0.elements[pixel * $0.size.channels..<(pixel + 1) * $0.size.channels] }
        })
    case .pad(let zeros):
      return Image(size) { y, x, channel in input[y - zeros.top, x - zeros.left, channel] ?? 0 }
    case .standardize(let unit): return standardized(input, unit)
    case .resize: return resized(input, size)
    case .channels(let function): return Image(size, rows(input).flatMap { function.applied(to: $0) })
    case .spaceToDepth, .pointwise, .lineMeans: preconditionFailure("PlainBackend: a processor's own work")
    }
  }

  private func rows(_ image: Image) -> [[Double]] {
    stride(from: 0, to: image.elements.count, by: image.size.channels).map {
      Array(image.elements[$0..<$0 + image.size.channels])
    }
  }

  private func convolved(_ input: Image, _ size: ImageSize, _ work: Convolution) -> Image {
    let kernel = numbers(work.layer, "kernel")
    let (window, filters) = (work.window, work.filters)
    let depth = input.size.channels / work.groups
    return Image(size) { y, x, filter in
      let first = filter / (filters / work.groups) * depth
      return window.taps(y, x).enumerated().reduce(0) { sum, tap in
        (0..<depth).reduce(sum) { sum, channel in
          let place =
            work.isTransposed
            ? ((window.area - 1 - tap.offset) * filters + filter) * depth + channel
            : (tap.offset * depth + channel) * filters + filter
          return sum + (input[tap.element.y, tap.element.x, first + channel] ?? 0) * kernel[place]
        }
      }
    }
  }

  private func depthwise(
    _ input: Image, _ size: ImageSize, _ name: (layer: String, role: String), _ window: Window,
    _ multiplier: Int,
    _ activation: Activation
  ) -> Image {
    let kernel = numbers(name.layer, name.role)
    let channels = input.size.channels
    let image = Image(
      input.size, PlainNetwork.activated(input.elements, activation, channels: channels))
    var size = size
    size.channels = channels * multiplier
    return Image(size) { y, x, filter in
      window.taps(y, x).enumerated().reduce(0) { sum, tap in
        sum + (image[tap.element.y, tap.element.x, filter / multiplier] ?? 0)
          * kernel[tap.offset * size.channels + filter]
      }
    }
  }

  /// All inputs as one; extents of one are repeated.
  private func paired(_ inputs: [Image], _ size: ImageSize, _ pair: (Double, Double) -> Double) -> Image {
    Image(size) { y, x, channel in
      let values = inputs.map {
        $0[$0.size.height == 1 ? 0 : y, $0.size.width == 1 ? 0 : x, $0.size.channels == 1 ? 0 : channel] ?? 0
      }
      return values.dropFirst().reduce(values[0], pair)
    }
  }

  private func combined(_ inputs: [Image], _ size: ImageSize, _ pairing: Pairing) -> Image {
    switch pairing {
    case .add: return paired(inputs, size, +)
    case .subtract: return paired(inputs, size, -)
    case .multiply: return paired(inputs, size, *)
    case .maximum: return paired(inputs, size, max)
    case .minimum: return paired(inputs, size, min)
    case .average:
      let sum = paired(inputs, size, +)
      return Image(size, sum.elements.map { $0 / Double(inputs.count) })
    }
  }

  private func selected(_ input: Image, _ size: ImageSize, _ selection: Selection) -> Image {
    let axes = [selection.rows, selection.columns, selection.channels]
    return Image(size) { y, x, channel in
      var place = [0, 0, 0]
      for (axis, position) in zip(axes, [y, x, channel]) {
        guard let source = axis.positions[position] else { return 0 }
        place[axis.axis.rawValue] = source
      }
      return input[place[0], place[1], place[2]] ?? 0
    }
  }

  private func standardized(_ input: Image, _ unit: Standardization) -> Image {
    let (channels, width) = (input.size.channels, input.size.channels / unit.groups)
    var result = input
    let parts = Dictionary(grouping: input.elements.indices) { index in
      [unit.span == .pixel ? index / channels : 0, index % channels / width]
    }
    for part in parts.values {
      let mean = part.reduce(0) { $0 + input.elements[$1] } / Double(part.count)
      let squares = part.reduce(0) { $0 + (input.elements[$1] - mean) * (input.elements[$1] - mean) }
      let deviation = (squares / Double(part.count) + unit.epsilon).squareRoot()
      for index in part { result.elements[index] = (input.elements[index] - mean) / deviation }
    }
    return result
  }

  private func resized(_ input: Image, _ size: ImageSize) -> Image {
    func taps(_ position: Int, _ extent: Int, _ count: Int) -> [(index: Int, share: Double)] {
      let center = (Double(position) + 0.5) * Double(extent) / Double(count) - 0.5
      let place = min(max(center, 0), Double(extent - 1))
      let lower = Int(place)
      return [(lower, 1 - place + Double(lower)), (min(lower + 1, extent - 1), place - Double(lower))]
    }
    return Image(size) { y, x, channel in
      taps(y, input.size.height, size.height).reduce(0) { sum, row in
        taps(x, input.size.width, size.width).reduce(sum) { sum, column in
          sum + row.share * column.share * (input[row.index, column.index, channel] ?? 0)
        }
      }
    }
  }
}

extension Window {
  /// Where the window of an output position reads, row by row.
  fileprivate func taps(_ y: Int, _ x: Int) -> [(y: Int, x: Int)] {
    (0..<area).map { tap in
      (
        y: y * rowStride - top + tap / width * rowDilation,
        x: x * columnStride - left + tap % width * columnDilation
      )
    }
  }
}

extension ChannelFunction {
  fileprivate func applied(to row: [Double]) -> [Double] {
    switch self {
    case .softmax: return PlainNetwork.activated(row, .softmax, channels: row.count)
    case .unitNormalization:
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 * min(1 / length, 1e12) }
    }
  }
}

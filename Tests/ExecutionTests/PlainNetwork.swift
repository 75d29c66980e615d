import Catalog
import Foundation
import Tensors

/// A network computed layer by layer as its graph says: in double precision, nothing fused, nothing shared.
struct PlainNetwork {
  let graph: LayerGraph
  let parameters: [String: TensorView]
  let sizes: [String: TensorShape]

  init(_ graph: LayerGraph, height: Int, width: Int, parameters: [String: TensorView]) throws {
    self.graph = graph
    self.parameters = parameters
    sizes = Dictionary(
      uniqueKeysWithValues: zip(
        graph.layers.map(\.name), try graph.activationShapes(height: height, width: width)))
  }

  /// The last layer's output for one image.
  func features(_ image: [Float]) -> [Float] {
    var values: [String: [Double]] = [:]
    for layer in graph.layers {
      let inputs = layer.inputs.map { Map(values[$0] ?? [], sizes[$0] ?? []) }
      values[layer.name] = inputs.isEmpty ? image.map(Double.init) : output(layer, inputs)
    }
    return (values[graph.layers.last?.name ?? ""] ?? []).map { Float($0) }
  }

  /// An activation with rows and columns.
  struct Map {
    var elements: [Double]
    var height: Int
    var width: Int
    var channels: Int

    init(_ elements: [Double], _ shape: TensorShape) {
      self.elements = elements
      let extents = shape.dimensions
      height = extents.count == 3 ? extents[0] : 1
      width = extents.count == 3 ? extents[1] : 1
      channels = extents.last ?? 1
    }

    /// An element, or nil outside.
    func at(_ y: Int, _ x: Int, _ channel: Int) -> Double? {
      guard (0..<height).contains(y), (0..<width).contains(x) else { return nil }
      return elements[(y * width + x) * channels + channel]
    }
  }

  func weights(_ layer: Layer, _ role: String) -> [Double] {
    (parameters["\(layer.name)/\(role)"]?.floats() ?? []).map(Double.init)
  }

  private func output(_ layer: Layer, _ inputs: [Map]) -> [Double] {
    let input = inputs[0]
    let result = Map([], sizes[layer.name] ?? [])
    switch layer.operation {
    case is InputLayer, is any IdentityOperation, is Flatten: return input.elements
    case let kind as Conv2D:
      let sums = convolved(input, result, kind.window, weights(layer, "kernel"), groups: kind.groups)
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as DepthwiseConv2D:
      let sums = depthwise(input, result, kind.window, layer, kind.depthMultiplier)
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as SeparableConv2D:
      var between = result
      between.channels = input.channels * kind.depthMultiplier
      between.elements = depthwise(input, between, kind.window, layer, kind.depthMultiplier)
      let sums = convolved(between, result, SlidingWindow(), weights(layer, "pointwise_kernel"))
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as Dense:
      let sums = convolved(input, result, SlidingWindow(), weights(layer, "kernel"))
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as BatchNormalization: return normalized(input, layer, kind)
    case let kind as any ActivationOperation: return activated(input.elements, kind.activation, result)
    case let kind as ZeroPadding2D:
      let zeros = kind.padding(height: input.height, width: input.width)
      return slid(result, result, SlidingWindow()) { taps, channel in
        input.at(taps[0].y - zeros.top, taps[0].x - zeros.left, channel) ?? 0
      }
    case let kind as MaxPooling2D:
      return slid(input, result, kind.window) { taps, channel in
        taps.compactMap { input.at($0.y, $0.x, channel) }.max() ?? 0
      }
    case let kind as AveragePooling2D:
      return slid(input, result, kind.window) { taps, channel in
        let inside = taps.compactMap { input.at($0.y, $0.x, channel) }
        return inside.reduce(0, +) / Double(inside.count)
      }
    case is UnitNormalization:
      return stride(from: 0, to: input.elements.count, by: input.channels).flatMap { start in
        let row = input.elements[start..<start + input.channels]
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 * min(1 / length, 1e12) }
      }
    case is GlobalAveragePooling2D:
      let count = Double(input.height * input.width)
      return channels(of: input).map { $0.reduce(0, +) / count }
    case is GlobalMaxPooling2D: return channels(of: input).map { $0.max() ?? 0 }
    default: return elementwise(layer, inputs, result)
    }
  }

  /// Layers that look at one element of each input, or at statistics.
  private func elementwise(_ layer: Layer, _ inputs: [Map], _ result: Map) -> [Double] {
    let input = inputs[0]
    switch layer.operation {
    case is Add: return merged(inputs, result, +)
    case is Subtract: return merged(inputs, result, -)
    case is Multiply: return merged(inputs, result, *)
    case is Maximum: return merged(inputs, result, max)
    case is Minimum: return merged(inputs, result, min)
    case is Average: return merged(inputs, result, +).map { $0 / Double(inputs.count) }
    case let kind as Rescaling:
      return input.elements.indices.map { index in
        let channel = index % input.channels
        return input.elements[index] * kind.scale[channel % kind.scale.count]
          + kind.offset[channel % kind.offset.count]
      }
    case let kind as Normalization:
      let (means, variances) = (
        kind.mean ?? weights(layer, "mean"), kind.variance ?? weights(layer, "variance")
      )
      return input.elements.indices.map { index in
        let (mean, deviation) = (
          means[index % means.count], max(variances[index % variances.count].squareRoot(), 1e-7)
        )
        return kind.invert
          ? input.elements[index] * deviation + mean : (input.elements[index] - mean) / deviation
      }
    case is Reshape: return input.elements
    case is LayerScale:
      let gamma = weights(layer, "gamma")
      return input.elements.indices.map { input.elements[$0] * gamma[$0 % gamma.count] }
    case let kind as CustomScaleLayer: return merged(inputs, result) { $0 + kind.scale * $1 }
    case let kind as PReLU:
      var alpha = input
      alpha.elements = weights(layer, "alpha")
      if kind.sharedAxes.contains(1) { alpha.height = 1 }
      if kind.sharedAxes.contains(2) { alpha.width = 1 }
      if kind.sharedAxes.contains(3) { alpha.channels = 1 }
      return merged([input, alpha], result) { max($0, 0) + $1 * min($0, 0) }
    case let kind as LayerNormalization:
      let parts = input.elements.indices.map { $0 / input.channels }
      return standardized(input, parts, kind.epsilon, layer, scale: kind.scale, center: kind.center)
    case let kind as GroupNormalization:
      let width = kind.groups == -1 ? 1 : input.channels / kind.groups
      let parts = input.elements.indices.map { $0 % input.channels / width }
      return standardized(input, parts, kind.epsilon, layer, scale: kind.scale, center: kind.center)
    default: return image(layer, inputs, result)
    }
  }

  /// Layers that move pixels about.
  private func image(_ layer: Layer, _ inputs: [Map], _ result: Map) -> [Double] {
    let input = inputs[0]
    switch layer.operation {
    case let kind as Cropping2D:
      return slid(result, result, SlidingWindow()) { taps, channel in
        input.at(taps[0].y + kind.cropping.top, taps[0].x + kind.cropping.left, channel) ?? 0
      }
    case let kind as CenterCrop:
      let (top, left) = ((input.height - kind.height) / 2, (input.width - kind.width) / 2)
      return slid(result, result, SlidingWindow()) { taps, channel in
        input.at(taps[0].y + top, taps[0].x + left, channel) ?? 0
      }
    case let kind as UpSampling2D: return resized(input, result, kind.interpolation)
    case let kind as Resizing: return resized(input, result, kind.interpolation)
    case let kind as Permute: return permuted(input, sizes[layer.inputs[0]] ?? [], kind.axes)
    case let kind as Conv2DTranspose:
      let sums = spread(input, result, kind, weights(layer, "kernel"))
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case is Concatenate:
      return (0..<input.height * input.width).flatMap { pixel in
        inputs.flatMap { $0.elements[pixel * $0.channels..<(pixel + 1) * $0.channels] }
      }
    default: preconditionFailure("PlainNetwork: \(layer)")
    }
  }

  private func channels(of input: Map) -> [[Double]] {
    (0..<input.channels).map { channel in
      stride(from: channel, to: input.elements.count, by: input.channels).map { input.elements[$0] }
    }
  }

  private typealias Tap = (y: Int, x: Int, tap: Int)

  private func slid(
    _ input: Map, _ output: Map, _ window: SlidingWindow, _ reduce: ([Tap], Int) -> Double
  ) -> [Double] {
    func before(_ input: Int, _ output: Int, _ span: Int, _ stride: Int) -> Int {
      window.padding == .valid ? 0 : max(0, (output - 1) * stride + span - input) / 2
    }
    let top = before(input.height, output.height, window.span.height, window.strides.height)
    let left = before(input.width, output.width, window.span.width, window.strides.width)
    let (size, dilation) = (window.size, window.dilation)
    return (0..<output.height * output.width).flatMap { pixel in
      let (y, x) = (
        pixel / output.width * window.strides.height, pixel % output.width * window.strides.width
      )
      let taps = (0..<size.height * size.width).map { tap in
        (
          y: y - top + tap / size.width * dilation.height, x: x - left + tap % size.width * dilation.width,
          tap: tap
        )
      }
      return (0..<output.channels).map { reduce(taps, $0) }
    }
  }

  private func convolved(
    _ input: Map, _ output: Map, _ window: SlidingWindow, _ kernel: [Double], groups: Int = 1
  ) -> [Double] {
    let depth = input.channels / groups
    return slid(input, output, window) { taps, filter in
      let first = filter / (output.channels / groups) * depth
      return taps.reduce(0) { sum, tap in
        (0..<depth).reduce(sum) { sum, channel in
          let weight = kernel[(tap.tap * depth + channel) * output.channels + filter]
          return sum + (input.at(tap.y, tap.x, first + channel) ?? 0) * weight
        }
      }
    }
  }

  private func depthwise(
    _ input: Map, _ output: Map, _ window: SlidingWindow, _ layer: Layer, _ multiplier: Int
  ) -> [Double] {
    let kernel = weights(layer, "depthwise_kernel")
    return slid(input, output, window) { taps, filter in
      taps.reduce(0) {
        $0 + (input.at($1.y, $1.x, filter / multiplier) ?? 0) * kernel[$1.tap * output.channels + filter]
      }
    }
  }

  /// All inputs as one; extents of one are repeated.
  private func merged(_ inputs: [Map], _ result: Map, _ pair: (Double, Double) -> Double) -> [Double] {
    (0..<result.height * result.width * result.channels).map { index in
      let (pixel, channel) = (index / result.channels, index % result.channels)
      let values = inputs.map { input in
        input.at(
          input.height == 1 ? 0 : pixel / result.width, input.width == 1 ? 0 : pixel % result.width,
          input.channels == 1 ? 0 : channel) ?? 0
      }
      return values.dropFirst().reduce(values[0], pair)
    }
  }

  private func biased(_ sums: [Double], _ layer: Layer, _ useBias: Bool) -> [Double] {
    let bias = weights(layer, "bias")
    return useBias ? sums.indices.map { sums[$0] + bias[$0 % bias.count] } : sums
  }

  private func normalized(_ input: Map, _ layer: Layer, _ kind: BatchNormalization) -> [Double] {
    let (gamma, beta) = (weights(layer, "gamma"), weights(layer, "beta"))
    let (mean, variance) = (weights(layer, "moving_mean"), weights(layer, "moving_variance"))
    return input.elements.indices.map { index in
      let channel = index % input.channels
      let unit = (input.elements[index] - mean[channel]) / (variance[channel] + kind.epsilon).squareRoot()
      return unit * (kind.scale ? gamma[channel] : 1) + (kind.center ? beta[channel] : 0)
    }
  }

  private func activated(_ elements: [Double], _ kind: Activation, _ map: Map) -> [Double] {
    Self.activated(elements, kind, channels: map.channels)
  }

  static func activated(_ elements: [Double], _ kind: Activation, channels: Int) -> [Double] {
    switch kind {
    case .linear: return elements
    case .relu(let limit, let slope, let threshold):
      return elements.map { $0 <= threshold ? slope * ($0 - threshold) : min($0, limit ?? .infinity) }
    case .leakyReLU(let slope): return elements.map { max($0, slope * $0) }
    case .elu(let alpha): return elements.map { $0 > 0 ? $0 : alpha * (exp($0) - 1) }
    case .selu:
      return elements.map { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (exp($0) - 1)) }
    case .sigmoid: return elements.map { 1 / (1 + exp(-$0)) }
    case .hardSigmoid(let slope): return elements.map { min(max(slope * $0 + 0.5, 0), 1) }
    case .silu: return elements.map { $0 / (1 + exp(-$0)) }
    case .hardSilu: return elements.map { $0 * min(max($0 + 3, 0), 6) / 6 }
    case .tanh: return elements.map { tanh($0) }
    case .gelu(approximate: false): return elements.map { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }
    case .gelu(approximate: true):
      return elements.map { x in
        0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      }
    case .softplus: return elements.map { log(exp($0) + 1) }
    case .softsign: return elements.map { $0 / (abs($0) + 1) }
    case .mish: return elements.map { $0 * tanh(log(exp($0) + 1)) }
    case .exponential: return elements.map { exp($0) }
    case .softmax:
      return stride(from: 0, to: elements.count, by: channels).flatMap { start in
        let powers = elements[start..<start + channels].map { exp($0) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
    }
  }
}

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
  private struct Map {
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

  private func weights(_ layer: Layer, _ role: String) -> [Double] {
    (parameters["\(layer.name)/\(role)"]?.floats() ?? []).map(Double.init)
  }

  private func output(_ layer: Layer, _ inputs: [Map]) -> [Double] {
    let input = inputs[0]
    let result = Map([], sizes[layer.name] ?? [])
    switch layer.operation {
    case is InputLayer, is Dropout, is Flatten: return input.elements
    case let kind as Conv2D:
      let sums = convolved(
        input, result, kind.kernel, kind.strides, kind.padding, weights(layer, "kernel"))
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as SeparableConv2D:
      let kernel = weights(layer, "depthwise_kernel")
      var between = result
      between.channels = input.channels
      between.elements = slid(input, between, kind.kernel, kind.strides, kind.padding) { taps, channel in
        taps.reduce(0) {
          $0 + (input.at($1.y, $1.x, channel) ?? 0) * kernel[$1.tap * input.channels + channel]
        }
      }
      let sums = convolved(
        between, result, Extent(1, 1), Extent(1, 1), .valid, weights(layer, "pointwise_kernel"))
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as Dense:
      let sums = convolved(input, result, Extent(1, 1), Extent(1, 1), .valid, weights(layer, "kernel"))
      return activated(biased(sums, layer, kind.useBias), kind.activation, result)
    case let kind as BatchNormalization: return normalized(input, layer, kind)
    case let kind as any ActivationOperation: return activated(input.elements, kind.activation, result)
    case let kind as ZeroPadding2D:
      return slid(result, result, Extent(1, 1), Extent(1, 1), .valid) { taps, channel in
        input.at(taps[0].y - kind.padding.top, taps[0].x - kind.padding.left, channel) ?? 0
      }
    case let kind as MaxPooling2D:
      return slid(input, result, kind.size, kind.strides, kind.padding) { taps, channel in
        taps.compactMap { input.at($0.y, $0.x, channel) }.max() ?? 0
      }
    case let kind as AveragePooling2D:
      return slid(input, result, kind.size, kind.strides, kind.padding) { taps, channel in
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
    case is Add:
      return input.elements.indices.map { index in inputs.reduce(0) { $0 + $1.elements[index] } }
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
    _ input: Map, _ output: Map, _ window: Extent, _ strides: Extent, _ padding: Padding,
    _ reduce: ([Tap], Int) -> Double
  ) -> [Double] {
    func before(_ input: Int, _ output: Int, _ window: Int, _ stride: Int) -> Int {
      padding == .valid ? 0 : max(0, (output - 1) * stride + window - input) / 2
    }
    let top = before(input.height, output.height, window.height, strides.height)
    let left = before(input.width, output.width, window.width, strides.width)
    return (0..<output.height * output.width).flatMap { pixel in
      let (y, x) = (pixel / output.width * strides.height, pixel % output.width * strides.width)
      let taps = (0..<window.height * window.width).map { tap in
        (y: y - top + tap / window.width, x: x - left + tap % window.width, tap: tap)
      }
      return (0..<output.channels).map { reduce(taps, $0) }
    }
  }

  private func convolved(
    _ input: Map, _ output: Map, _ window: Extent, _ strides: Extent, _ padding: Padding, _ kernel: [Double]
  ) -> [Double] {
    slid(input, output, window, strides, padding) { taps, filter in
      taps.reduce(0) { sum, tap in
        (0..<input.channels).reduce(sum) { sum, channel in
          let weight = kernel[(tap.tap * input.channels + channel) * output.channels + filter]
          return sum + (input.at(tap.y, tap.x, channel) ?? 0) * weight
        }
      }
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
      return stride(from: 0, to: elements.count, by: map.channels).flatMap { start in
        let powers = elements[start..<start + map.channels].map { exp($0) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
    }
  }
}

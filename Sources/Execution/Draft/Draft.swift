import Catalog
import Kernels
import Tensors

/// A graph being turned into nodes, one layer after the other, each fused into what is there if that changes
/// nothing but rounding.
struct Draft {
  var nodes: [Node] = []
  /// The nodes in the order in which they will run.
  var order: [Int] = []
  let parameters: ParameterSource
  /// Whether every product is computed.
  let isExact: Bool

  private let graph: LayerGraph
  private let sizes: [String: ImageSize]
  private let readers: [String: [Layer]]
  private let output: String
  private var values: [String: Value] = [:]

  /// What a layer's readers read: a node, and what they must still do to it.
  struct Value {
    var node: Int
    /// Zeros that the window of every reader reaches over.
    var zeros = EdgeInsets(top: 0, bottom: 0, left: 0, right: 0)
    /// Whether every reader has yet to replace negative elements with zero.
    var isUnrectified = false
    /// Whether the node is also read under another layer's name, so that nothing may be fused into it.
    var isShared = false

    var hasZeros: Bool { zeros.top + zeros.bottom + zeros.left + zeros.right > 0 }
  }

  init(
    _ graph: LayerGraph, height: Int, width: Int, parameters: ParameterSource, isExact: Bool
  ) throws(ExecutionError) {
    self.graph = graph
    self.parameters = parameters
    self.isExact = isExact
    output = graph.layers.last?.name ?? ""
    do {
      let shapes = try graph.activationShapes(height: height, width: width)
      sizes = Dictionary(
        zip(graph.layers, shapes).map { ($0.name, ImageSize($1)) }, uniquingKeysWith: { first, _ in first })
    } catch {
      throw ExecutionError(error)
    }
    var readers: [String: [Layer]] = [:]
    for layer in graph.layers { for input in Set(layer.inputs) { readers[input, default: []].append(layer) } }
    self.readers = readers
    for layer in graph.layers { values[layer.name] = value(of: layer) }
  }

  /// The node that computes the last layer.
  var outputNode: Int { values[output]?.node ?? 0 }

  func size(of layer: String) -> ImageSize { sizes[layer] ?? ImageSize(height: 0, width: 0, channels: 0) }

  /// What a layer reads; every input's value is there because inputs come before their readers.
  func input(of layer: Layer, _ index: Int = 0) -> Value { values[layer.inputs[index]] ?? Value(node: 0) }

  /// Whether `layer` is all that looks at what it reads, so that it may be fused into it.
  func isOnlyReader(_ layer: Layer, of input: String) -> Bool {
    input != output && readers[input]?.count == 1 && layer.inputs.count { $0 == input } == 1
      && values[input]?.isShared == false
  }

  /// Whether all readers of `layer`, of which there are some, satisfy `predicate`.
  func allReaders(of layer: Layer, satisfy predicate: (any LayerOperation) -> Bool) -> Bool {
    layer.name != output && (readers[layer.name] ?? []).allSatisfy { predicate($0.operation) }
  }

  /// Appends a node that runs after all there are.
  mutating func append(_ work: Work, for layers: [String], reading inputs: [Int], size: ImageSize) -> Value {
    nodes.append(Node(layers: layers, work: work, inputs: inputs, size: size))
    order.append(nodes.count - 1)
    return Value(node: nodes.count - 1)
  }

  /// Turns one layer into a node, or into a change of one.
  private mutating func value(of layer: Layer) -> Value {
    let size = size(of: layer.name)
    switch layer.operation {
    case is InputLayer: return append(.input, for: [layer.name], reading: [], size: size)
    case let kind as Conv2D: return convolution(layer, kind)
    case let kind as SeparableConv2D: return separableConvolution(layer, kind)
    case let kind as Dense: return dense(layer, kind)
    case let kind as BatchNormalization: return normalization(layer, kind)
    case let kind as ActivationLayer: return activation(kind.activation, of: input(of: layer), layer)
    case let kind as ZeroPadding2D: return zeroPadding(layer, kind.padding)
    case let kind as MaxPooling2D: return maxPooling(layer, kind)
    case let kind as AveragePooling2D: return averagePooling(layer, kind)
    case is Add: return addition(layer)
    case is Concatenate:
      let inputs = layer.inputs.indices.map { input(of: layer, $0).node }
      return append(.concatenate, for: [layer.name], reading: inputs, size: size)
    case is GlobalAveragePooling2D:
      return globalPooling(of: input(of: layer), layer.name, maximum: false)
    case is GlobalMaxPooling2D: return globalPooling(of: input(of: layer), layer.name, maximum: true)
    case is Flatten:
      return append(.flatten, for: [layer.name], reading: [input(of: layer).node], size: size)
    default: return identity(layer)
    }
  }
}

extension Draft {
  /// A layer that changes nothing: its readers read what it reads.
  private func identity(_ layer: Layer) -> Value {
    var source = input(of: layer)
    source.isShared = !isOnlyReader(layer, of: layer.inputs[0])
    return source
  }
}

extension ImageSize {
  /// `[H, W, C]`, or `[C]` as one pixel.
  init(_ shape: TensorShape) {
    let extents = shape.dimensions
    self.init(
      height: extents.count == 3 ? extents[0] : 1, width: extents.count == 3 ? extents[1] : 1,
      channels: extents.last ?? 1)
  }
}

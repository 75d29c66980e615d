import Catalog
import Tensors

/// A graph of layers being turned into a graph of work, one layer after the other.
struct Lowering {
  private(set) var graph = DataflowGraph()
  let parameters: ParameterSource
  private let shapes: [String: TensorShape]
  private var outputs: [String: Int] = [:]

  /// Lowers all layers of `layers` for images of `height` times `width`; `outputs` names those that are wanted, none of them
  /// the last.
  static func graph(
    _ layers: LayerGraph, height: Int, width: Int, parameters: ParameterSource, outputs: [String]
  ) throws(ExecutionError) -> DataflowGraph {
    var lowering = try Lowering(layers, height: height, width: width, parameters: parameters)
    for layer in layers.layers {
      guard let operation = layer.operation as? any Lowered else {
        throw .invalidGraph(layer: layer.name, problem: "nothing computes its operation")
      }
      lowering.outputs[layer.name] = try operation.lower(layer, into: &lowering)
    }
    let wanted = outputs.isEmpty ? layers.layers.suffix(1).map(\.name) : outputs
    lowering.graph.outputs = wanted.map { lowering.outputs[$0] ?? 0 }
    return lowering.graph
  }

  private init(
    _ layers: LayerGraph, height: Int, width: Int, parameters: ParameterSource
  ) throws(ExecutionError) {
    self.parameters = parameters
    do {
      let known = try layers.activationShapes(height: height, width: width)
      shapes = Dictionary(zip(layers.layers.map(\.name), known), uniquingKeysWith: { first, _ in first })
    } catch {
      throw ExecutionError(error)
    }
  }

  /// The shape of a layer's output without the batch axis.
  func shape(of layer: String) -> TensorShape { shapes[layer] ?? [] }

  /// The node whose output a layer reads; every one is there because inputs come before their readers.
  func input(of layer: Layer, _ index: Int = 0) -> Int { outputs[layer.inputs[index]] ?? 0 }

  /// The nodes whose outputs a layer reads.
  func inputs(of layer: Layer) -> [Int] { layer.inputs.indices.map { input(of: layer, $0) } }

  /// Appends a node that stands for `layer` and has its output's size.
  mutating func append(
    _ work: Work, for layer: Layer, reading inputs: [Int], tail: Tail = Tail()
  ) -> Int {
    graph.append(
      Node(
        layers: [layer.name], work: work, inputs: inputs, tail: tail, size: ImageSize(shape(of: layer.name))))
  }

  /// Appends any node.
  mutating func append(_ node: Node) -> Int { graph.append(node) }

  /// Appends a layer that does nothing but apply an activation.
  mutating func append(_ activation: Activation, for layer: Layer) -> Int {
    append(activation, of: input(of: layer), as: [layer.name])
  }

  /// Appends the activation that is part of a layer; `node` is what the rest of it computes.
  mutating func append(_ activation: Activation, of node: Int) -> Int { append(activation, of: node, as: []) }

  private mutating func append(_ activation: Activation, of node: Int, as layers: [String]) -> Int {
    if activation == .linear { return node }
    let size = graph[node].size
    guard activation != .softmax else {
      return graph.append(Node(layers: layers, work: .channels(.softmax), inputs: [node], size: size))
    }
    return graph.append(
      Node(
        layers: layers, work: .elementwise, inputs: [node], tail: Tail(activation: activation), size: size))
  }

  /// Appends the sums of products that a layer's operation is, with the bias and the activation that follow.
  mutating func append(
    _ work: Work, _ operation: some BiasedOperation, for layer: Layer, reading source: Int
  ) -> Int {
    let bias = operation.useBias ? ChannelAffine.bias(parameters.floats(layer.name, "bias")) : nil
    let sums = append(work, for: layer, reading: [source], tail: Tail(affine: bias))
    return append(operation.activation, of: sums)
  }

  /// The window of `layer` over what it reads, TensorFlow's padding included.
  func window(_ layer: Layer, _ window: SlidingWindow) -> Window {
    window.window(over: graph[input(of: layer)].size, to: ImageSize(shape(of: layer.name)))
  }
}

extension ImageSize {
  /// One pixel from all pixels.
  var wholeWindow: Window {
    Window(
      input: self, outputHeight: 1, outputWidth: 1, height: height, width: width, rowStride: 1,
      columnStride: 1, top: 0, left: 0)
  }
}

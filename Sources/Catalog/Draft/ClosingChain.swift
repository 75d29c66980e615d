import Tensors

/// A graph's last layers of which each is all that reads the one before it, and where among them features may end.
struct ClosingChain {
  let graph: LayerGraph
  /// What comes of every layer of the graph.
  let shapes: [TensorShape]
  /// The layers' places in the graph, in order.
  private let places: [Int]
  /// The place of the layer that the first of them reads.
  private let start: Int

  /// - Throws: `CatalogError` where the graph's shapes do not fit `size`.
  init(_ graph: LayerGraph, size: Extent) throws(CatalogError) {
    self.graph = graph
    shapes = try graph.activationShapes(height: size.height, width: size.width)
    var readers: [String: Int] = [:]
    for layer in graph.layers { for input in layer.inputs { readers[input, default: 0] += 1 } }
    let byName = Dictionary(graph.layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var places: [Int] = []
    var index = graph.layers.indices.last
    while let current = index {
      let inputs = graph.layers[current].inputs
      guard inputs.count == 1 else { break }
      places.append(current)
      index = byName[inputs[0]]
      guard readers[inputs[0]] == 1 else { break }
    }
    self.places = places.reversed()
    start = index ?? 0
  }

  var indices: Range<Int> { places.indices }

  /// Its first layer is number 0.
  func layer(_ number: Int) -> Layer { graph.layers[places[number]] }

  /// What layer `number` reads.
  func input(of number: Int) -> TensorShape { shapes[number == 0 ? start : places[number - 1]] }

  func output(of number: Int) -> TensorShape { shapes[places[number]] }

  /// What the graph gives.
  var output: TensorShape? { shapes.last }

  /// The graph without layer `number` and those behind it.
  func graph(below number: Int) -> LayerGraph {
    let behind = Set(places[number...])
    return LayerGraph(
      layers: graph.layers.enumerated().filter { !behind.contains($0.offset) }.map(\.element))
  }

  /// The name of what layer `number` reads.
  func source(of number: Int) -> String { layer(number).inputs.first ?? "" }

  /// The number of the layer called `name`; nil where it is none of them.
  func number(of name: String) -> Int? { indices.first { layer($0).name == name } }

  /// The first layer that leaves one row of numbers, or one pixel, of what has more, behind which no convolution slides over pixels:
  /// features may end ahead of it.
  var collapse: Int? {
    let sliding = indices.last {
      layer($0).operation is any ConvolutionOperation && !input(of: $0).isRow && !collapses($0)
    }
    return indices[(sliding.map { $0 + 1 } ?? 0)...].first { collapses($0) }
  }

  private func collapses(_ number: Int) -> Bool {
    let (operation, input) = (layer(number).operation, input(of: number))
    if operation is any GlobalPoolingOperation { return true }
    if operation is Flatten { return input.rank == 3 || !input.isRow }
    if operation is Reshape { return input.rank == 3 && output(of: number).rank == 1 }
    return (operation as? Conv2D)?.seesAll(of: input) ?? false
  }

  /// Where the classifier begins: ahead of what leaves one row of numbers, or of one map a class; nil where there is none in the
  /// chain.
  func classifierStart(_ scoring: ScoringLayers?) -> Int? {
    let first = collapse ?? joinedRows
    guard let scoring else {
      guard let first, output?.isVector == true else { return nil }
      return indices[first...].contains { layer($0).operation.classifies } ? first : nil
    }
    guard scoring.names.count == 1, let sum = number(of: scoring.names[0]) else { return nil }
    if let first, first <= sum { return first }
    return sum
  }

  /// The first layer, where it reads rows that were pooled each for itself and joined.
  private var joinedRows: Int? { !indices.isEmpty && input(of: 0).rank == 1 ? 0 : nil }
}

extension LayerGraph {
  /// Whether weighted sums are computed in it.
  package var hasSums: Bool { layers.contains { $0.operation is any BiasedOperation } }
}

extension LayerOperation {
  /// Whether it does what only classifiers do behind the features: weights them, or makes parts of one of them.
  fileprivate var classifies: Bool {
    self is any BiasedOperation || (self as? any ActivationOperation)?.activation == .softmax
      || (self as? any ActivationOperation)?.activation == .sigmoid
  }
}

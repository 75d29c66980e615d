import Tensors

/// A graph's last layers of which each is all that reads the one before it, and where among them features may end.
struct ClosingChain {
  let graph: LayerGraph
  /// What comes of every layer of the graph.
  private let shapes: [TensorShape]
  /// The layers' places in the graph, in order.
  private let places: [Int]
  /// The place of the layer that the first of them reads.
  private let start: Int
  /// The first of the last layers that all have words in a classifier.
  private var firstInWords = 0

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
    firstInWords = (indices.last { words($0) == nil } ?? -1) + 1
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

  /// The layers that leave one row of numbers, or one pixel, of what has more: features may end ahead of each of them.
  var collapses: [Int] {
    indices.filter { number in
      let operation = layer(number).operation
      if operation is any GlobalPoolingOperation || operation is Flatten { return true }
      if operation is Reshape { return input(of: number).rank == 3 && output(of: number).rank == 1 }
      return (operation as? Conv2D)?.seesAll(of: input(of: number)) ?? false
    }
  }

  /// The layer ahead of `number` that gives one map a class, where all between them works on every pixel by itself.
  func classMap(ahead number: Int) -> Int? {
    guard let classes = output?.elementCount else { return nil }
    for place in (0..<number).reversed() {
      let operation = layer(place).operation
      let units = (operation as? Conv2D)?.filters ?? (operation as? Dense)?.units
      if let units { return units == classes && output(of: place).rank == 3 ? place : nil }
      guard
        operation is any ActivationOperation || operation is BatchNormalization
          || operation.isIdentityAtInference
      else { return nil }
    }
    return nil
  }

  /// Layer `number` in the words that classifiers have, of which none are needed for what does nothing; nil where they have no such
  /// words.
  func words(_ number: Int) -> [Layer]? {
    let layer = layer(number)
    let input = input(of: number)
    func called(_ operation: any LayerOperation) -> Layer {
      Layer(name: layer.name, operation: operation, inputs: layer.inputs)
    }
    if layer.operation.isIdentityAtInference { return layer.operation is Dropout ? [layer] : [] }
    if let activation = (layer.operation as? any ActivationOperation)?.activation {
      return [called(ActivationLayer(activation))]
    }
    if layer.operation is Reshape, output(of: number).isRow {
      return input.isRow && output(of: number).rank > 1 ? [] : [called(Flatten())]
    }
    if var pooling = layer.operation as? any GlobalPoolingOperation {
      pooling.keepsDimensions = false
      return [called(pooling)]
    }
    guard let convolution = layer.operation as? Conv2D else { return layer.isOfClassifiers ? [layer] : nil }
    if convolution.isPointwise { return [called(convolution.asDense)] }
    guard convolution.seesAll(of: input) else { return nil }
    let row = Layer(name: layer.name + "_row", operation: Flatten(), inputs: layer.inputs)
    return [row, called(convolution.asDense)]
  }
}

extension ClosingChain {
  /// Layer `number` and all behind it in the words that classifiers have; nil where they have none for one of them.
  func words(from number: Int) -> [Layer]? {
    guard number >= firstInWords else { return nil }
    return indices[number...].flatMap { words($0) ?? [] }
  }
}

extension [Layer] {
  /// The layers without those that make a row of what is one: `isRow` says whether the first of them reads one.
  func withoutIdleRows(isRow: Bool) -> [Layer] {
    var isRow = isRow
    return filter { layer in
      guard layer.operation is Flatten || layer.operation is any GlobalPoolingOperation else { return true }
      defer { isRow = true }
      return !isRow
    }
  }
}

extension TensorShape {
  /// Whether it is one row of numbers, be it that of a single pixel.
  fileprivate var isRow: Bool { dimensions.dropLast().allSatisfy { $0 == 1 } }
}

extension Conv2D {
  /// Whether its window is as large as an image of several pixels, so that one pixel is left.
  fileprivate func seesAll(of input: TensorShape) -> Bool {
    guard input.rank == 3, !input.isRow else { return false }
    return groups == 1 && padding == .valid && window.dilation == Extent(1, 1)
      && kernel == Extent(input[0], input[1])
  }

  /// Whether it computes of the numbers of every pixel what a dense layer does.
  fileprivate var isPointwise: Bool {
    kernel == Extent(1, 1) && strides == Extent(1, 1) && groups == 1
  }

  /// The dense layer that computes the same, of a pixel or of all. Its kernel has the same elements in the same order.
  fileprivate var asDense: Dense {
    var dense = Dense()
    (dense.units, dense.useBias, dense.activation) = (filters, useBias, activation)
    return dense
  }
}

extension Layer {
  /// Whether a classifier may have such layers.
  var isOfClassifiers: Bool { NetworkParts.operations.contains { $0 == type(of: operation) } }
}

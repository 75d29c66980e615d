import Tensors

extension ClosingChain {
  /// The layers from `number` on as a classifier has them that reads `shape` and gives one row of numbers; nil where one of them is
  /// none of a classifier's.
  func classifier(from number: Int, reading shape: TensorShape) -> [Layer]? {
    var result: [Layer] = []
    var shape = ActivationShape(shape.dimensions)
    for number in indices[number...] {
      guard let words = words(number, reading: shape) else { return nil }
      for word in words {
        guard let next = try? word.operation.outputShape(of: [shape]) else { return nil }
        shape = next
      }
      result += words
    }
    if shape.dimensions.count > 1 { result.append(row(behind: layer(indices.upperBound - 1).name)) }
    return result.isEmpty ? nil : result
  }

  private func row(behind name: String) -> Layer {
    Layer(name: name + "_row", operation: Flatten(), inputs: [name])
  }

  /// Layer `number` as a classifier has it: without what leaves one row of numbers of a row.
  private func words(_ number: Int, reading shape: ActivationShape) -> [Layer]? {
    if let words = words(number) {
      let isRow = shape.dimensions.count == 1
      return words.filter {
        !isRow || !($0.operation is Flatten || $0.operation is any GlobalPoolingOperation)
      }
    }
    let layer = layer(number)
    guard layer.isOfClassifiers else { return nil }
    let input = input(of: number)
    if shape.dimensions == input.dimensions.map(Optional.some) { return layer.separatingProbabilities }
    let form = Layer(
      name: layer.name + "_form", operation: Reshape { $0.shape = input.dimensions }, inputs: layer.inputs)
    return [form] + layer.separatingProbabilities
  }

  /// Layer `number` in the words that heads have, of which none are needed for what does nothing; nil where they have no such words.
  func words(_ number: Int) -> [Layer]? {
    let layer = layer(number)
    let input = input(of: number)
    func called(_ operation: any LayerOperation) -> Layer { layer.computing(operation) }
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
    guard let convolution = layer.operation as? Conv2D else { return layer.isOfHeads ? [layer] : nil }
    if convolution.isPointwise { return [called(convolution.asDense)] }
    guard convolution.seesAll(of: input) else { return nil }
    return [
      Layer(name: layer.name + "_row", operation: Flatten(), inputs: layer.inputs),
      called(convolution.asDense),
    ]
  }

  /// What stands behind layer `number` up to the last normalisation that heads have no words for, if all of that works on every
  /// pixel by itself, without what leaves a row as it is; and the number of the layer behind all of it. Nil where there is none.
  func normalisations(behind number: Int) -> (layers: [Layer], end: Int)? {
    let run = indices[(number + 1)...].prefix { isOfPixels($0) || leavesRow($0) }
    guard let last = run.last(where: { isOfPixels($0) && words($0) == nil }) else { return nil }
    return (run.filter { $0 <= last && isOfPixels($0) }.map { layer($0) }, last + 1)
  }

  /// What stands behind layer `number` up to the end, where all of that works on every pixel by itself, and a normalisation is among it
  /// that heads have no words for; nil otherwise.
  func normalisedEnd(behind number: Int) -> [Layer]? {
    guard let front = normalisations(behind: number),
      indices[front.end...].allSatisfy({ isOfPixels($0) || leavesRow($0) })
    else { return nil }
    return indices[(number + 1)...].filter { isOfPixels($0) }.map { layer($0) }
  }

  private func isOfPixels(_ number: Int) -> Bool {
    layer(number).operation is any NormalizationOperation
      || layer(number).operation is any ActivationOperation || layer(number).operation is UnitNormalization
  }

  /// Whether a row's numbers stay as they are, in their order, seen as a row or a pixel.
  private func leavesRow(_ number: Int) -> Bool {
    let operation = layer(number).operation
    if operation.isIdentityAtInference { return true }
    return (operation is Flatten || operation is Reshape) && input(of: number).isRow
      && output(of: number).isRow
  }
}

extension Conv2D {
  /// Whether its window is as large as an image of several pixels, so that one pixel is left.
  func seesAll(of input: TensorShape) -> Bool {
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
  /// Whether a head that is declared may have such layers.
  fileprivate var isOfHeads: Bool { NetworkParts.operations.contains { $0 == type(of: operation) } }

  /// Whether only the classifier of a whole model may have such layers.
  fileprivate var isOfClassifiers: Bool {
    NetworkParts.operationsOfClassifiers.contains { $0 == type(of: operation) }
  }

  /// The layer, with an activation that gives probabilities as a layer of its own.
  fileprivate var separatingProbabilities: [Layer] {
    guard var sum = operation as? any BiasedOperation, sum.activation.givesProbabilities else {
      return [self]
    }
    let activation = ActivationLayer(sum.activation)
    sum.activation = .linear
    return [
      computing(sum),
      Layer(name: name + "_activation", operation: activation, inputs: [name]),
    ]
  }
}

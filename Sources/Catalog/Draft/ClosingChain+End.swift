import Tensors

extension ClosingChain {
  /// The network with as much of its end as a classifier as can stand by itself and reads one row of numbers. All other layers stay, and
  /// each gives what it gave.
  ///
  /// - Parameters:
  ///   - features: those of the network.
  ///   - endsInProbabilities: whether it gives numbers between 0 and 1 where it does not end in an activation.
  func separatingEnd(features: NetworkParts, endsInProbabilities: Bool) -> NetworkParts {
    guard let output, output.isVector else { return features.behind(graph, classifier: []) }
    let end = rowsEnd ?? (graph, output, [])
    var (layers, classifier) = (end.graph.layers, end.classifier)
    if end.shape.rank > 1 { layers.append(graph.row(behind: layers[layers.count - 1].name)) }
    let isOpen =
      endsInProbabilities && !classifier.map(\.operation).outputActivation.givesProbabilities
    if classifier.isEmpty || isOpen {
      // A limit at 1 leaves numbers between 0 and 1 as they are; other scores are kept as they come.
      classifier.append(
        Layer(
          name: graph.freeName("probabilities"),
          operation: ActivationLayer(isOpen ? .relu(maxValue: 1) : .linear),
          inputs: [classifier.last?.name ?? layers[layers.count - 1].name]))
    }
    return features.behind(LayerGraph(layers: layers), classifier: classifier)
  }

  /// The longest end of the chain that a classifier's layers are, read of one row of numbers, what is ahead of it and what that gives; nil
  /// where there is none.
  private var rowsEnd: (graph: LayerGraph, shape: TensorShape, classifier: [Layer])? {
    for number in indices where input(of: number).isRow {
      let shape = input(of: number)
      let row = TensorShape(shape.dimensions.suffix(1))
      if let classifier = classifier(from: number, reading: row) {
        return (graph(below: number), shape, classifier)
      }
    }
    return nil
  }
}

extension NetworkParts {
  /// The same features of a network whose end is a classifier.
  fileprivate func behind(_ backbone: LayerGraph, classifier: [Layer]) -> NetworkParts {
    NetworkParts(
      backbone: backbone, features: features, pooling: pooling, classifier: classifier,
      poolsAhead: poolsAhead)
  }
}

extension LayerGraph {
  /// What makes one row of numbers of what a layer gives.
  fileprivate func row(behind source: String) -> Layer {
    Layer(name: freeName("row"), operation: Flatten(), inputs: [source])
  }

  /// A name that none of the layers has.
  fileprivate func freeName(_ name: String) -> String {
    let names = Set(layers.map(\.name))
    let free = (0...layers.count).lazy.map { name + ($0 == 0 ? "" : "_\($0)") }.first { !names.contains($0) }
    return free ?? name
  }
}

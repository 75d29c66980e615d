import Encoding
import Tensors

extension LayerGraph {
  /// What is wrong with the wiring, each with the index of the layer to blame; empty when all is well.
  ///
  /// A graph has one input layer, its first; names are unique; every layer reads layers before it, as many as
  /// its operation needs; every layer but the last is read by another.
  package func wiringProblems() -> [(layer: Int, problem: String)] {
    guard !layers.isEmpty else { return [(0, "the graph has no layers; expected at least the input")] }
    var problems: [(Int, String)] = []
    var known: Set<String> = []
    let readers = Set(layers.flatMap(\.inputs))
    for (index, layer) in layers.enumerated() {
      problems += layer.wiringProblems(isFirst: index == 0, known: known).map { (index, $0) }
      if !known.insert(layer.name).inserted {
        problems.append((index, "\(layer.name): the name is taken; expected every layer's name once"))
      }
      if index + 1 < layers.count, !readers.contains(layer.name) {
        problems.append((index, "\(layer.name): no layer reads it, and it is not the last"))
      }
    }
    return problems
  }

  /// The graph that ends in the layer called `name`: that layer and everything it depends on, in order.
  package func truncated(at name: String) throws(CatalogError) -> LayerGraph { try truncated(at: [name]) }

  /// The graph of the layers called `names` and everything any of them depends on, in order.
  package func truncated(at names: [String]) throws(CatalogError) -> LayerGraph {
    for name in names where self[name] == nil {
      throw .unknownLayer(name, nearest: nearestLayer(to: name, in: layers.map(\.name)))
    }
    var needed = Set(names)
    for layer in layers.reversed() where needed.contains(layer.name) { needed.formUnion(layer.inputs) }
    return LayerGraph(layers: layers.filter { needed.contains($0.name) })
  }
}

extension Layer {
  fileprivate func wiringProblems(isFirst: Bool, known: Set<String>) -> [String] {
    var problems: [String] = []
    if isInput {
      if !isFirst { problems.append("\(name): a second input; expected one, the first layer") }
    } else if isFirst {
      problems.append("\(name): the first layer is no input; expected an input")
    }
    if let wrong = type(of: operation).arity.problem(inputs.count) { problems.append("\(name): \(wrong)") }
    for input in inputs where !known.contains(input) {
      problems.append("\(name): it reads \(input), which no layer before it is called")
    }
    return problems
  }
}

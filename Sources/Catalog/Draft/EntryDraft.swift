import Tensors

/// Makes an entry out of the architecture that Keras writes, so that nobody types layers.
package enum EntryDraft {
  /// The text of `model.json`, in the one legal layout, with every claim computed.
  ///
  /// Layers that cannot be described are refused together.
  package static func entry(fromKeras json: String, _ facts: EntryFacts) throws(CatalogError) -> String {
    let architecture = try KerasArchitecture(json: json)
    let layers = try layers(of: architecture)
    let (defaultSize, channels) = try inputSize(of: architecture, facts)
    guard facts.preprocessing.mean.count == channels else {
      throw .malformedArchitecture(
        "the input has \(channels) channels, the preprocessing is for \(facts.preprocessing.mean.count)")
    }
    let graph = try graph(of: layers)
    guard let smallest = graph.smallestSize(upTo: defaultSize) else {
      // Asked again for the reason.
      _ = try graph.activationShapes(height: defaultSize.height, width: defaultSize.width)
      throw .malformedArchitecture("no size up to \(defaultSize.words) works")
    }
    let minimumSize = facts.minimumSize ?? smallest
    let name = facts.identifier ?? architecture.modelName
    let defaults = LayerDefaults(mostFrequentIn: layers)
    let record = EntryRecord(
      identifier: name, title: facts.title ?? name, kerasName: architecture.modelName, paper: facts.paper,
      licence: facts.licence, preprocessing: facts.preprocessing, defaultSize: defaultSize,
      minimumSize: minimumSize,
      claims: try Claims(computedFrom: graph, defaultSize: defaultSize, minimumSize: minimumSize),
      defaults: defaults, blocks: BlockSplitter(layers).blocks, variants: [])
    return EntryWriter(record: record).text
  }

  private static func layers(of architecture: KerasArchitecture) throws(CatalogError) -> [Layer] {
    var unsupported: [String] = []
    var missing: [String] = []
    var layers: [Layer] = []
    for layer in architecture.layers {
      let translation = layer.translated()
      unsupported += translation.problems.map { "\(layer.name) (\(layer.className)): \($0)" }
      missing += translation.missing.map { "layer \(layer.name) does not give its \($0)" }
      if let operation = translation.operation {
        layers.append(Layer(name: layer.name, operation: operation, inputs: layer.inputs))
      }
    }
    let (outputs, last) = (Set(architecture.outputs), architecture.layers.last?.name)
    if outputs.count > 1 {
      unsupported.append("the model has \(outputs.count) outputs; expected one")
    } else if let output = outputs.first, output != last {
      unsupported.append("the output is \(output); expected the last layer, \(last ?? "none")")
    }
    guard unsupported.isEmpty else { throw .unsupportedLayers(unsupported) }
    guard missing.isEmpty else { throw .malformedArchitecture(missing.joined(separator: "; ")) }
    return layers
  }

  private static func graph(of layers: [Layer]) throws(CatalogError) -> LayerGraph {
    let graph = LayerGraph(layers: layers)
    let problems = graph.wiringProblems().map(\.problem)
    guard problems.isEmpty else { throw .malformedArchitecture(problems.joined(separator: "; ")) }
    return graph
  }

  private static func inputSize(
    of architecture: KerasArchitecture, _ facts: EntryFacts
  ) throws(CatalogError) -> (Extent, channels: Int) {
    let shape = architecture.inputShape
    guard shape.count == 3, let channels = shape[2] else {
      throw .malformedArchitecture("the first layer gives no input shape [height, width, channels]")
    }
    if let size = facts.defaultSize { return (size, channels) }
    guard let height = shape[0], let width = shape[1] else {
      throw .malformedArchitecture("the input's size is open; give one")
    }
    let sane = 1...Limits.inputSize
    guard sane ~= height, sane ~= width else {
      throw .malformedArchitecture("the input's size is \(height)x\(width)")
    }
    return (Extent(height, width), channels)
  }
}

extension LayerDefaults {
  /// The values most layers have; of equally frequent ones the first.
  init(mostFrequentIn layers: [Layer]) {
    let found = layers.map(\.operation.common)
    self.init()
    bias = Self.mostFrequent(found.compactMap(\.bias))
    activation = Self.mostFrequent(found.compactMap(\.activation))
    epsilon = Self.mostFrequent(found.compactMap(\.epsilon))
    scale = Self.mostFrequent(found.compactMap(\.scale))
    center = Self.mostFrequent(found.compactMap(\.center))
  }

  private static func mostFrequent<Value: Hashable>(_ values: [Value]) -> Value? {
    var counts: [Value: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let most = counts.values.max()
    return values.first { counts[$0] == most }
  }
}

import Tensors

/// Makes an entry out of the architecture that Keras writes, so that nobody types layers.
package enum EntryDraft {
  /// The text of `model.json`, in the one legal layout, with every claim computed.
  ///
  /// Layers that cannot be described are refused together.
  package static func entry(fromKeras json: String, _ facts: EntryFacts) throws(CatalogError) -> String {
    try DraftedNetwork(json: json).entry(facts)
  }
}

extension DraftedNetwork {
  /// The text of `model.json` for the network, or for the `part` of it that begins at its input.
  ///
  /// - Parameter poolsAhead: the layer ahead of which features are pooled; nil for behind the last.
  package func entry(
    _ facts: EntryFacts, part: LayerGraph? = nil, poolsAhead: String? = nil
  ) throws(CatalogError) -> String {
    let written = part ?? self.graph
    let graph = facts.padsBySize ? written.paddingBySize() : written
    guard facts.preprocessing.mean.count == channels else {
      throw .malformedArchitecture(
        "the input has \(channels) channels, the preprocessing is for \(facts.preprocessing.mean.count)")
    }
    guard let defaultSize = facts.defaultSize ?? inputSize else {
      throw .malformedArchitecture("the input's size is open; give one")
    }
    guard let smallest = graph.smallestSize(upTo: defaultSize) else {
      // Asked again for the reason.
      _ = try graph.activationShapes(height: defaultSize.height, width: defaultSize.width)
      throw .malformedArchitecture("no size up to \(defaultSize.words) works")
    }
    let minimumSize = facts.minimumSize ?? smallest
    let name =
      facts.identifier
      ?? (EntryName.isIdentifier(modelName) ? modelName : EntryName.identifier(of: modelName))
    var preprocessing = facts.preprocessing
    if reversesChannels { preprocessing.channelOrder = preprocessing.channelOrder == .rgb ? .bgr : .rgb }
    var record = EntryRecord(
      identifier: name, title: facts.title ?? EntryName.title(of: modelName) ?? name,
      kerasName: EntryName.word(of: modelName), paper: facts.paper,
      licence: facts.licence, imageNet: nil, preprocessing: preprocessing, defaultSize: defaultSize,
      minimumSize: minimumSize,
      claims: try Claims(computedFrom: graph, defaultSize: defaultSize, minimumSize: minimumSize),
      defaults: LayerDefaults(mostFrequentIn: graph.layers), blocks: BlockSplitter(graph.layers).blocks,
      variants: [])
    record.poolsAhead = poolsAhead
    return EntryWriter(record: record).text
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

/// Building graphs from an entry's lines.
extension CatalogEntry {
  /// The graph of a variant, with everything wrong with its wiring appended to `problems`.
  func wiredGraph(variant: String?, problems: inout [CatalogProblem]) throws(CatalogError) -> LayerGraph {
    let (layers, places) = writtenLayers
    guard let variant else {
      let graph = LayerGraph(layers: layers)
      problems += graph.wiringProblems().map { problem(at: places[$0.layer], $0.problem) }
      return graph
    }
    let record = try self.variant(named: variant)
    let index = self.record.variants.firstIndex { $0.name == variant } ?? 0
    let path: [JSONLocator.Step] = [.key("variants"), .index(index)]
    let graph = LayerGraph(layers: try apply(record, at: path, to: layers))
    problems += graph.wiringProblems().map { problem(at: path, "variant \(variant): \($0.problem)") }
    return graph
  }

  func problem(at path: [JSONLocator.Step], _ text: String) -> CatalogProblem {
    CatalogProblem(file: reader.file, line: reader.line(of: path), text: text)
  }

  /// The layers of all blocks, and where each stands.
  private var writtenLayers: ([Layer], [[JSONLocator.Step]]) {
    var layers: [Layer] = []
    var places: [[JSONLocator.Step]] = []
    for (blockIndex, block) in record.blocks.enumerated() {
      layers += block.layers
      places += block.layers.indices.map {
        [.key("blocks"), .index(blockIndex), .key("layers"), .index($0)]
      }
    }
    // An entry without layers has nowhere but its blocks to point at.
    return (layers, places.isEmpty ? [[.key("blocks")]] : places)
  }

  private func apply(
    _ variant: VariantRecord, at path: [JSONLocator.Step], to written: [Layer]
  ) throws(CatalogError) -> [Layer] {
    var layers = written
    for (index, name) in variant.omit.enumerated() {
      try omit(name, from: &layers, at: path + [.key("omit"), .index(index)])
    }
    for (index, line) in variant.replace.enumerated() {
      let place = path + [.key("replace"), .index(index)]
      guard let position = layers.firstIndex(where: { $0.name == line.name }) else {
        throw reader.problem(at: place, "variant \(variant.name) replaces \(line.name), which is not there")
      }
      layers[position] = line
    }
    layers += variant.append
    if let epsilon = variant.epsilon { layers = layers.map { $0.settingEpsilon(epsilon) } }
    return layers
  }

  private func omit(
    _ name: String, from layers: inout [Layer], at place: [JSONLocator.Step]
  ) throws(CatalogError) {
    guard let position = layers.firstIndex(where: { $0.name == name }), layers[position].inputs.count == 1
    else {
      throw reader.problem(at: place, "\(name) cannot be omitted; expected a layer that reads one other")
    }
    let input = layers.remove(at: position).inputs[0]
    for index in layers.indices {
      layers[index].inputs = layers[index].inputs.map { $0 == name ? input : $0 }
    }
  }
}

extension Layer {
  /// The layer with another epsilon, if it is a batch normalisation.
  fileprivate func settingEpsilon(_ epsilon: Double) -> Layer {
    guard var normalization = operation as? BatchNormalization else { return self }
    normalization.epsilon = epsilon
    return Layer(name: name, operation: normalization, inputs: inputs)
  }
}

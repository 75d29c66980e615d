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
    for (index, line) in variant.insert.enumerated() {
      guard let position = layers.firstIndex(where: { $0.name == line.inputs.last }) else {
        throw reader.problem(
          at: path + [.key("insert"), .index(index)],
          "variant \(variant.name) inserts \(line.name) behind a layer that is not there")
      }
      layers.insert(line, at: position + 1)
    }
    for (index, line) in variant.replace.enumerated() {
      let place = path + [.key("replace"), .index(index)]
      guard let position = layers.firstIndex(where: { $0.name == line.name }) else {
        throw reader.problem(at: place, "variant \(variant.name) replaces \(line.name), which is not there")
      }
      layers[position] = line
    }
    layers += variant.append
    if let bias = variant.bias { layers = layers.map { $0.settingBias(bias) } }
    if let scale = variant.scale { layers = layers.map { $0.settingScale(scale) } }
    // Those of layers are Keras's.
    if variant.framework != .keras || variant.momentum != nil {
      layers = layers.map { $0.settingMomentum(variant.momentum) }
    }
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
  /// The layer with a bias or without one, if it is a convolution.
  fileprivate func settingBias(_ bias: Bool) -> Layer {
    guard var convolution = operation as? any ConvolutionOperation else { return self }
    convolution.useBias = bias
    return Layer(name: name, operation: convolution, inputs: inputs)
  }

  /// The layer with a gamma or without one, if it is a batch normalisation.
  fileprivate func settingScale(_ scale: Bool) -> Layer {
    guard var normalization = operation as? BatchNormalization else { return self }
    normalization.scale = scale
    return Layer(name: name, operation: normalization, inputs: inputs)
  }

  /// The layer with another momentum, nil for the usual one, if it is a batch normalisation.
  fileprivate func settingMomentum(_ momentum: Double?) -> Layer {
    guard var normalization = operation as? BatchNormalization else { return self }
    normalization.momentum = momentum == BatchNormalization.usualMomentum ? nil : momentum
    return Layer(name: name, operation: normalization, inputs: inputs)
  }

  /// The layer with another epsilon, if it is a batch normalisation.
  fileprivate func settingEpsilon(_ epsilon: Double) -> Layer {
    guard var normalization = operation as? BatchNormalization else { return self }
    normalization.epsilon = epsilon
    return Layer(name: name, operation: normalization, inputs: inputs)
  }
}

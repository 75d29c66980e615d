package import Tensors

extension LayerGraph {
  /// The activations' shapes `[H, W, C]` or `[C]`, one a layer, for images of one size.
  package func activationShapes(height: Int, width: Int) throws(CatalogError) -> [TensorShape] {
    let shapes = try symbolicShapes(height: height, width: width)
    var known: [TensorShape] = []
    for (layer, symbolic) in zip(layers, shapes) {
      guard let shape = symbolic.shape else {
        throw .invalidGraph(
          layer: layer.name, problem: "its output \(symbolic.kerasDescription) has too many elements")
      }
      known.append(shape)
    }
    return known
  }

  /// As ``activationShapes(height:width:)``, with extents that may stay open.
  package func symbolicShapes(height: Int?, width: Int?) throws(CatalogError) -> [ActivationShape] {
    try symbolicExtents(height: height, width: width).map(\.output)
  }

  /// What every layer reads and what comes out of it.
  func symbolicExtents(
    height: Int?, width: Int?
  ) throws(CatalogError) -> [(inputs: [ActivationShape], output: ActivationShape)] {
    try checkInputSize(height, "height")
    try checkInputSize(width, "width")
    let image = ActivationShape([height, width, nil])
    var known: [String: ActivationShape] = [:]
    var shapes: [([ActivationShape], ActivationShape)] = []
    for layer in layers {
      let inputs = try layer.isInput ? [image] : layer.shapes(ofInputs: known)
      do {
        let shape = try layer.operation.outputShape(of: inputs)
        try shape.checkElements()
        known[layer.name] = shape
        shapes.append((inputs, shape))
      } catch {
        throw .invalidGraph(layer: layer.name, problem: error.problem)
      }
    }
    return shapes
  }

  private func checkInputSize(_ extent: Int?, _ axis: String) throws(CatalogError) {
    guard let extent, !(1...Limits.inputSize).contains(extent) else { return }
    throw .invalidGraph(
      layer: layers.first?.name ?? "input",
      problem: "the input's \(axis) is \(extent); expected 1 to \(Limits.inputSize)")
  }
}

extension Layer {
  /// Whether it is a network's input.
  package var isInput: Bool { type(of: operation).arity == .none }

  fileprivate func shapes(ofInputs known: [String: ActivationShape]) throws(CatalogError) -> [ActivationShape]
  {
    if let problem = type(of: operation).arity.problem(inputs.count) {
      throw .invalidGraph(layer: name, problem: problem)
    }
    var shapes: [ActivationShape] = []
    for input in inputs {
      guard let shape = known[input] else {
        throw .invalidGraph(layer: name, problem: "it reads \(input), which no layer before it is called")
      }
      shapes.append(shape)
    }
    return shapes
  }
}

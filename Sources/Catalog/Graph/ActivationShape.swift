package import Tensors

/// The shape of one image's activations: `[H, W, C]` or `[C]`; an extent that depends on a size nobody gave
/// is nil. The batch axis is left out.
package struct ActivationShape: Hashable, Sendable {
  package var dimensions: [Int?]

  package init(_ dimensions: [Int?]) { self.dimensions = dimensions }

  /// The innermost extent.
  package var channels: Int? { dimensions.last ?? nil }

  /// Whether there are rows and columns.
  package var isSpatial: Bool { dimensions.count == 3 }

  /// The shape when all extents are known.
  package var shape: TensorShape? {
    let known = dimensions.compactMap(\.self)
    return known.count == dimensions.count ? TensorShape(validating: known) : nil
  }

  /// As Keras prints it, the batch axis in front: `(None, 7, 7, 2048)`.
  package var kerasDescription: String {
    let extents = dimensions.map { $0.map(String.init) ?? "None" }
    return "(" + (["None"] + extents).joined(separator: ", ") + ")"
  }
}

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
    try checkInputSize(height, "height")
    try checkInputSize(width, "width")
    var known: [String: ActivationShape] = [:]
    var shapes: [ActivationShape] = []
    for layer in layers {
      var inputs: [ActivationShape] = []
      for name in layer.inputs {
        guard let shape = known[name] else {
          throw .invalidGraph(
            layer: layer.name, problem: "it reads \(name), which no layer before it is called")
        }
        inputs.append(shape)
      }
      do {
        let shape = try layer.kind.outputShape(of: inputs, height: height, width: width)
        known[layer.name] = shape
        shapes.append(shape)
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

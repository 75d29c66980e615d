package import Tensors

/// One array of numbers a layer owns.
package struct Parameter: Hashable, Sendable {
  /// The layer's name: `conv1_bn`.
  package var layer: String
  /// Keras's name for it inside the layer: `kernel`, `bias`, `gamma`, `beta`, `moving_mean`,
  /// `moving_variance`, `depthwise_kernel`, `pointwise_kernel`.
  package var role: String
  /// Kernels are `[kh, kw, in, out]`, depthwise ones `[kh, kw, in, 1]`, dense ones `[in, out]`.
  package var shape: TensorShape
  /// Whether training may change it: all but a batch normalisation's statistics.
  package var isTrainable: Bool

  package init(layer: String, role: String, shape: TensorShape, isTrainable: Bool) {
    self.layer = layer
    self.role = role
    self.shape = shape
    self.isTrainable = isTrainable
  }

  /// The tensor's name in an archive: `conv1_bn/moving_variance`.
  package var name: String { "\(layer)/\(role)" }

  /// What Keras fills it with before anything is learnt; nil for what is drawn at random.
  package var initialValue: Float? { Self.initialValues[role] }

  private static let initialValues: [String: Float] = [
    "gamma": 1, "variance": 1, "moving_variance": 1, "beta": 0, "bias": 0, "mean": 0, "moving_mean": 0,
  ]

  /// Whether it is what a layer multiplies by, and by far the largest that it has.
  package var isKernel: Bool { role.hasSuffix("kernel") }
}

extension LayerGraph {
  /// Every parameter, layer by layer, inside a layer in Keras's order.
  ///
  /// Needs no input size, unless a dense layer reads flattened activations: then the size given decides.
  package func parameters(height: Int? = nil, width: Int? = nil) throws(CatalogError) -> [Parameter] {
    let shapes = try symbolicExtents(height: height, width: width)
    var parameters: [Parameter] = []
    for (layer, shape) in zip(layers, shapes) { parameters += try layer.parameters(of: shape.inputs) }
    return parameters
  }
}

extension Layer {
  fileprivate func parameters(of inputs: [ActivationShape]) throws(CatalogError) -> [Parameter] {
    let declarations: [ParameterDeclaration]
    do {
      declarations = try operation.parameters(of: inputs)
    } catch {
      throw .invalidGraph(layer: name, problem: error.problem)
    }
    var parameters: [Parameter] = []
    for declaration in declarations {
      guard let shape = TensorShape(validating: declaration.extents), shape.elementCount <= Limits.elements
      else {
        throw .invalidGraph(
          layer: name, problem: "its \(declaration.role) \(declaration.extents) has too many elements")
      }
      parameters.append(
        Parameter(
          layer: name, role: declaration.role, shape: shape, isTrainable: declaration.isTrainable))
    }
    return parameters
  }
}

extension CatalogEntry {
  /// The layers of one of its graphs that have weights, in their order.
  package func weightedLayers(variant: String?) throws(CatalogError) -> [String] {
    var seen: Set<String> = []
    return try ArchivedNetwork(entry: self, variant: variant).parameters().map(\.layer).filter {
      seen.insert($0).inserted
    }
  }
}

/// How many numbers a graph's layers own.
package struct ParameterCounts: Hashable, Sendable {
  package var trainable = 0
  package var nonTrainable = 0

  package init(trainable: Int = 0, nonTrainable: Int = 0) {
    self.trainable = trainable
    self.nonTrainable = nonTrainable
  }

  /// Counts `parameters`; those of layers in `frozen` are not trainable.
  package init(_ parameters: some Sequence<Parameter>, frozen: Set<String> = []) {
    for parameter in parameters {
      let count = parameter.shape.elementCount
      if parameter.isTrainable, !frozen.contains(parameter.layer) {
        trainable += count
      } else {
        nonTrainable += count
      }
    }
  }

  package var total: Int { trainable + nonTrainable }
}

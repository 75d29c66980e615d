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
}

extension LayerGraph {
  /// Every parameter, layer by layer, inside a layer in Keras's order.
  ///
  /// Needs no input size, unless a dense layer reads flattened activations: then the size given decides.
  package func parameters(height: Int? = nil, width: Int? = nil) throws(CatalogError) -> [Parameter] {
    let shapes = try symbolicShapes(height: height, width: width)
    let channels = Dictionary(uniqueKeysWithValues: zip(layers.map(\.name), shapes.map(\.channels)))
    var parameters: [Parameter] = []
    for layer in layers where layer.kind.hasParameters {
      guard let name = layer.inputs.first, let known = channels[name], let input = known else {
        throw .invalidGraph(
          layer: layer.name, problem: "the number of its inputs depends on the image size; give a size")
      }
      for (role, shape, isTrainable) in layer.kind.parameterShapes(inputChannels: input) {
        guard let shape = TensorShape(validating: shape) else {
          throw .invalidGraph(layer: layer.name, problem: "its \(role) \(shape) has too many elements")
        }
        parameters.append(
          Parameter(layer: layer.name, role: role, shape: shape, isTrainable: isTrainable))
      }
    }
    return parameters
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

extension LayerKind {
  /// Whether layers of this kind own numbers.
  package var hasParameters: Bool {
    switch self {
    case .convolution, .separableConvolution, .batchNormalization, .dense: true
    default: false
    }
  }

  /// Role, extents and trainability of each parameter in Keras's order.
  fileprivate func parameterShapes(inputChannels: Int) -> [(String, [Int], Bool)] {
    switch self {
    case .convolution(let layer):
      let kernel = [layer.kernel.height, layer.kernel.width, inputChannels, layer.filters]
      return [("kernel", kernel, true)] + (layer.useBias ? [("bias", [layer.filters], true)] : [])
    case .separableConvolution(let layer):
      return [
        ("depthwise_kernel", [layer.kernel.height, layer.kernel.width, inputChannels, 1], true),
        ("pointwise_kernel", [1, 1, inputChannels, layer.filters], true),
      ] + (layer.useBias ? [("bias", [layer.filters], true)] : [])
    case .batchNormalization(let layer):
      return (layer.scale ? [("gamma", [inputChannels], true)] : [])
        + (layer.center ? [("beta", [inputChannels], true)] : [])
        + [("moving_mean", [inputChannels], false), ("moving_variance", [inputChannels], false)]
    case .dense(let layer):
      return [("kernel", [inputChannels, layer.units], true)]
        + (layer.useBias ? [("bias", [layer.units], true)] : [])
    default:
      return []
    }
  }
}

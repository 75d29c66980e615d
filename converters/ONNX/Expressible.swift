package import Catalog

/// An operation that ONNX can express: it knows the operators that compute it.
protocol Expressible: LayerOperation {
  /// Appends the operators that compute `layer`, whose operation this is, and returns what they give.
  ///
  /// - Throws: ``ONNXError`` for settings that ONNX has no operators for, and what reading parameters throws.
  func express(_ layer: Layer, in graph: inout GraphBuilder) throws -> Value
}

extension Expressible where Self: IdentityOperation {
  /// Nothing: its readers read what it reads.
  func express(_ layer: Layer, in graph: inout GraphBuilder) -> Value { graph.input(of: layer) }
}

/// The registry: every operation that can be expressed. A test holds it to ``LayerOperations``.
package enum ExpressibleOperations {
  package static var all: [any LayerOperation.Type] { types.map { $0 } }

  static let types: [any Expressible.Type] = [
    InputLayer.self, Conv2D.self, SeparableConv2D.self, DepthwiseConv2D.self, Conv2DTranspose.self,
    BatchNormalization.self, LayerNormalization.self, GroupNormalization.self, UnitNormalization.self,
    Rescaling.self, Normalization.self, LayerScale.self, ActivationLayer.self, ReLU.self, LeakyReLU.self,
    PReLU.self, ELU.self, Softmax.self, ZeroPadding2D.self, Cropping2D.self, CenterCrop.self,
    UpSampling2D.self, Resizing.self,
    MaxPooling2D.self, AveragePooling2D.self, Add.self, Subtract.self, Multiply.self, Average.self,
    Maximum.self, Minimum.self, CustomScaleLayer.self, Concatenate.self, Dropout.self,
    SpatialDropout2D.self, GaussianDropout.self, GaussianNoise.self, AlphaDropout.self,
    StochasticDepth.self, GlobalAveragePooling2D.self, GlobalMaxPooling2D.self, Flatten.self, Reshape.self,
    Permute.self, Dense.self,
  ]
}

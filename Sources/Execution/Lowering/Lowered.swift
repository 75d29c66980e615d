package import Catalog

/// An operation that can be run: it knows the work that computes it.
protocol Lowered: LayerOperation {
  /// Appends the nodes that compute `layer`, whose operation this is, and returns the one that holds its output.
  ///
  /// Says what the layer says and leaves it to passes to fuse nodes.
  func lower(_ layer: Layer, into network: inout Lowering) throws(ExecutionError) -> Int
}

extension Lowered where Self: IdentityOperation {
  /// Nothing: its readers read what it reads.
  func lower(_ layer: Layer, into network: inout Lowering) -> Int { network.input(of: layer) }
}

/// The registry: every operation that can be run. A test holds it to ``LayerOperations``.
package enum LoweredOperations {
  package static var all: [any LayerOperation.Type] { types.map { $0 } }

  static let types: [any Lowered.Type] = [
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

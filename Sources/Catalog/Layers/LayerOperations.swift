/// The registry: every operation there is, in the order in which messages list them.
package enum LayerOperations {
  package static let all: [any LayerOperation.Type] = [
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

  /// The operation that entries spell so.
  static func named(_ keyword: String) -> (any LayerOperation.Type)? { byKeyword[keyword] }

  /// The operation that Keras's class is.
  static func ofKerasClass(_ name: String) -> (any LayerOperation.Type)? { byKerasClass[name] }

  private static let byKeyword = Dictionary(uniqueKeysWithValues: all.map { ($0.keyword, $0) })
  private static let byKerasClass = Dictionary(
    uniqueKeysWithValues: all.flatMap { type in type.kerasClasses.map { ($0, type) } })
}

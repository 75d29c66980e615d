/// `LeakyReLU`: `x` above 0, `negativeSlope * x` below.
package struct LeakyReLU: ActivationOperation {
  package static let keyword = "leakyReLU"
  package static let kerasClasses = ["LeakyReLU"]
  package static let settings = [
    LayerSetting<Self>(
      "negativeSlope", keras: "negative_slope", .number, \.negativeSlope, substitute: \.negativeSlope)
  ]

  package var negativeSlope = 0.3

  package init() {}

  /// Keras 2 calls the slope `alpha`.
  package init(keras: inout KerasConfiguration) {
    self.init()
    negativeSlope = keras.value("alpha", .number, ifNone: negativeSlope) ?? negativeSlope
    negativeSlope = keras.value("negative_slope", .number, ifNone: negativeSlope) ?? negativeSlope
  }

  package var activation: Activation { .leakyReLU(negativeSlope: negativeSlope) }
}

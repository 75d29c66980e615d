import Catalog

/// Every activation function Keras has, with and without parameters of their own.
enum ActivationCases {
  static let all: [Activation] =
    Activation.names.compactMap { Activation(kerasName: $0) } + [
      .relu(maxValue: 6), .relu(maxValue: 1.5, negativeSlope: 0.1, threshold: 0.25),
      .leakyReLU(negativeSlope: 0.3), .elu(alpha: 0.5), .hardSigmoid(slope: 0.2), .gelu(approximate: true),
    ]
}

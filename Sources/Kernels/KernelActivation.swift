import CKernels

/// An activation function, as kernels compute it: of every element on its own, on vectors.
///
/// A clamp costs a step nothing, as its last act before results leave the registers; the others are applied to results
/// that have just been written and are still in cache. Each gives what Keras's formula of that name gives, infinities
/// included, to within six units in the last place; what is not a number stays so. The same bits wherever an
/// element lies, and for any number of threads.
package enum KernelActivation: Hashable, Sendable {
  /// `x`.
  case linear
  /// `min(max(x, minimum), maximum)`.
  case clamp(Clamp)
  /// `x > threshold ? min(x, maximum) : slope (x - threshold)`: Keras's `ReLU` and `LeakyReLU` layers.
  case leakyReLU(slope: Float, threshold: Float = 0, maximum: Float = .infinity)
  /// `x > 0 ? scale x : scale alpha (e^x - 1)`.
  case elu(alpha: Float, scale: Float = 1)
  /// `min(max(slope x + offset, 0), 1)`: Keras 3 has a slope of 1/6, Keras 2 of 0.2.
  case hardSigmoid(slope: Float = 1 / 6, offset: Float = 0.5)
  /// `x min(max(slope x + offset, 0), 1)`, also called hard swish.
  case hardSilu(slope: Float = 1 / 6, offset: Float = 0.5)
  /// `1 / (1 + e^-x)`.
  case sigmoid
  /// `x / (1 + e^-x)`, also called swish.
  case silu
  /// `tanh(x)`.
  case tanh
  /// `log(1 + e^x)`.
  case softplus
  /// `x tanh(log(1 + e^x))`.
  case mish
  /// `x / (1 + |x|)`.
  case softsign
  /// `e^x`.
  case exponential
  /// `x (1 + erf(x / sqrt(2))) / 2`, or with `tanh(sqrt(2 / pi) (x + 0.044715 x^3))` in place of `erf`.
  case gelu(approximate: Bool)

  /// `max(x, 0)`.
  package static let relu = KernelActivation.clamp(.relu)
  /// `min(max(x, 0), 6)`.
  package static let relu6 = KernelActivation.clamp(.relu6)
  /// `elu` with the constants of self-normalising networks.
  package static let selu = KernelActivation.elu(alpha: 1.6732632, scale: 1.050701)

  var description: kernels_activation {
    switch self {
    case .linear: kernels_activation(KERNELS_LINEAR)
    case .clamp(let clamp):
      kernels_activation(KERNELS_CLAMP, minimum: clamp.minimum, maximum: clamp.maximum)
    case .leakyReLU(let slope, let threshold, let maximum):
      kernels_activation(KERNELS_RELU, maximum: maximum, slope: slope, offset: threshold)
    case .elu(let alpha, let scale):
      kernels_activation(KERNELS_ELU, minimum: -scale * alpha, slope: scale)
    case .hardSigmoid(let slope, let offset):
      kernels_activation(KERNELS_HARD_SIGMOID, slope: slope, offset: offset)
    case .hardSilu(let slope, let offset): kernels_activation(KERNELS_HARD_SILU, slope: slope, offset: offset)
    case .sigmoid: kernels_activation(KERNELS_SIGMOID)
    case .silu: kernels_activation(KERNELS_SILU)
    case .tanh: kernels_activation(KERNELS_TANH)
    case .softplus: kernels_activation(KERNELS_SOFTPLUS)
    case .mish: kernels_activation(KERNELS_MISH)
    case .softsign: kernels_activation(KERNELS_SOFTSIGN)
    case .exponential: kernels_activation(KERNELS_EXPONENTIAL)
    case .gelu(approximate: false): kernels_activation(KERNELS_GELU)
    case .gelu(approximate: true): kernels_activation(KERNELS_GELU_BY_TANH)
    }
  }
}

extension kernels_activation {
  fileprivate init(
    _ function: kernels_function, minimum: Float = 0, maximum: Float = 0, slope: Float = 0, offset: Float = 0
  ) {
    self.init(function: function, minimum: minimum, maximum: maximum, slope: slope, offset: offset)
  }
}

/// Limits that numbers are held between.
package struct Clamp: Hashable, Sendable {
  package var minimum: Float
  package var maximum: Float

  /// - Precondition: `minimum <= maximum`; either may be infinite, neither NaN.
  package init(minimum: Float = -.infinity, maximum: Float = .infinity) {
    precondition(minimum <= maximum, "Clamp: \(minimum) is above \(maximum)")
    self.minimum = minimum
    self.maximum = maximum
  }

  /// 0 and infinity.
  package static let relu = Clamp(minimum: 0)
  /// 0 and 6.
  package static let relu6 = Clamp(minimum: 0, maximum: 6)
}

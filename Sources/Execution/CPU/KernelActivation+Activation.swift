import Catalog
import Kernels

extension KernelActivation {
  /// The activation as kernels compute it at the end of other work; nil for those that none does.
  init?(_ activation: Activation) {
    switch activation {
    case .linear: self = .linear
    case .relu(let limit, 0, 0):
      self = .clamp(Clamp(minimum: 0, maximum: limit.map { Float($0) } ?? .infinity))
    case .relu, .leakyReLU, .elu, .selu, .sigmoid, .hardSigmoid, .silu, .hardSilu, .tanh, .gelu, .softplus,
      .softsign, .mish, .exponential, .softmax:
      return nil
    }
  }
}

package import Catalog
package import Kernels

extension KernelActivation {
  /// The activation as kernels compute it at the end of other work. A softmax, which looks at all channels of a pixel, is
  /// work of its own and counts as linear.
  package init(_ activation: Activation) {
    switch activation {
    case .linear, .softmax: self = .linear
    case .relu(let limit, 0, 0):
      self = .clamp(Clamp(minimum: 0, maximum: limit.map { Float($0) } ?? .infinity))
    case .relu(let limit, let slope, let threshold):
      self = .leakyReLU(
        slope: Float(slope), threshold: Float(threshold), maximum: limit.map { Float($0) } ?? .infinity)
    case .leakyReLU(let slope): self = .leakyReLU(slope: Float(slope))
    case .elu(let alpha): self = .elu(alpha: Float(alpha))
    case .selu: self = .selu
    case .sigmoid: self = .sigmoid
    case .hardSigmoid(let slope): self = .hardSigmoid(slope: Float(slope))
    case .silu: self = .silu
    case .hardSilu: self = .hardSilu()
    case .tanh: self = .tanh
    case .gelu(let approximate): self = .gelu(approximate: approximate)
    case .softplus: self = .softplus
    case .softsign: self = .softsign
    case .mish: self = .mish
    case .exponential: self = .exponential
    }
  }
}

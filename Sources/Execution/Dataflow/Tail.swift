package import Catalog

/// What follows a node's work, element by element: `activation(affine(x) + residual)`.
package struct Tail: Sendable {
  /// A bias, a batch normalisation, both, or nothing.
  package var affine: ChannelAffine?
  /// Whether the node's last input is added.
  package var addsResidual = false
  /// A function of one number.
  package var activation = Activation.linear

  /// Whether another affine function may still follow.
  var takesAffine: Bool { !addsResidual && activation == .linear }
  /// Whether an addition may still follow.
  var takesResidual: Bool { !addsResidual && activation == .linear }
}

/// `x * scale + shift`, one pair of numbers a channel, in double precision until weights are packed.
package struct ChannelAffine: Sendable {
  package var scale: [Double]
  package var shift: [Double]

  static func bias(_ bias: [Float]) -> ChannelAffine {
    ChannelAffine(scale: bias.map { _ in 1 }, shift: bias.map(Double.init))
  }

  /// First this, then `next`.
  func followed(by next: ChannelAffine) -> ChannelAffine {
    ChannelAffine(
      scale: zip(scale, next.scale).map(*),
      shift: zip(shift, zip(next.scale, next.shift)).map { $0 * $1.0 + $1.1 })
  }
}

extension Activation {
  /// First this, then `next`, as one activation; nil where there is none.
  func followed(by next: Activation) -> Activation? {
    if self == .linear { return next }
    if next == .linear { return self }
    guard case .relu(let limit, 0, 0) = self, case .relu(let nextLimit, 0, 0) = next else { return nil }
    let limits = [limit, nextLimit].compactMap(\.self)
    return .relu(maxValue: limits.min())
  }

  /// Whether it holds numbers between two limits, 0 being one of those it leaves alone.
  var isClamp: Bool {
    if case .relu(_, 0, 0) = self { true } else { false }
  }
}

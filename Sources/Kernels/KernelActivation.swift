import CKernels

/// An activation function, applied to one number at a time as the last act of a step.
///
/// What is not a number stays so.
package enum KernelActivation: Hashable, Sendable {
  /// `x`.
  case linear
  /// `min(max(x, minimum), maximum)`.
  case clamp(Clamp)

  /// `max(x, 0)`.
  package static let relu = KernelActivation.clamp(.relu)
  /// `min(max(x, 0), 6)`.
  package static let relu6 = KernelActivation.clamp(.relu6)

  var description: kernels_activation {
    switch self {
    case .linear: kernels_activation()
    case .clamp(let clamp):
      kernels_activation(function: KERNELS_CLAMP, minimum: clamp.minimum, maximum: clamp.maximum)
    }
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

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#else
  import Foundation
#endif

/// The interpolation for resizing, by the names of Keras's `load_img`.
public enum Interpolation: String, Sendable, CaseIterable {
  /// The pixel under each new pixel's centre. Keras's default.
  case nearest
  /// A triangle filter, widened when shrinking.
  case bilinear
  /// Keys's cubic convolution with a = -0.5, widened when shrinking.
  case bicubic
  /// The average of the area that a new pixel covers.
  case box
  /// A triangle-wide window, sharper than bilinear.
  case hamming
  /// A sinc of three lobes.
  case lanczos
}

extension Interpolation {
  /// The half width of the filter in pixels of the larger grid; nil for nearest, which does not filter.
  var support: Double? {
    switch self {
    case .nearest: nil
    case .box: 0.5
    case .bilinear, .hamming: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The filter's weight at signed distance `x` from a pixel's centre.
  func weight(at x: Double) -> Double {
    switch self {
    case .nearest: 1
    case .box: x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear: max(0, 1 - abs(x))
    case .bicubic: Self.cubic(abs(x))
    case .hamming: Self.hamming(abs(x))
    case .lanczos: -3 <= x && x < 3 ? Self.sinc(x) * Self.sinc(x / 3) : 0
    }
  }

  private static func cubic(_ x: Double) -> Double {
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
  }

  private static func hamming(_ x: Double) -> Double {
    if x == 0 { return 1 }
    // The single-precision constants are Pillow's.
    return x < 1 ? sinc(x) * (Double(Float(0.54)) + Double(Float(0.46)) * cos(x * .pi)) : 0
  }

  private static func sinc(_ x: Double) -> Double {
    x == 0 ? 1 : sin(x * .pi) / (x * .pi)
  }
}

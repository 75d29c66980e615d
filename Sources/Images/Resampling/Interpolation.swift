#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#else
  import Foundation
#endif
import Tensors

extension Interpolation {
  /// Whether TensorFlow resizes so, which rounds nothing; Pillow does otherwise.
  var isTensorFlows: Bool { self == .tensorFlowBilinear || self == .tensorFlowNearest }

  /// Refuses to resize gray of more than 8 bits as TensorFlow does, which reads none.
  func checkSuitsDeepGray() throws(ImageError) {
    guard !isTensorFlows else {
      throw .augmentation(
        name: "interpolation by TensorFlow", expected: "images of 8 bits", found: "gray of more than 8 bits")
    }
  }

  /// The half width of the filter in pixels of the larger grid; nil where nothing is filtered.
  var support: Double? {
    switch self {
    case .nearest, .tensorFlowNearest: nil
    case .box: 0.5
    case .bilinear, .hamming, .tensorFlowBilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The filter's weight at signed distance `x` from a pixel's centre.
  func weight(at x: Double) -> Double {
    switch self {
    case .nearest, .tensorFlowNearest: 1
    case .box: x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear, .tensorFlowBilinear: max(0, 1 - abs(x))
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

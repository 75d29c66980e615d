import Encoding

/// What features are divided by so that neither squares of large ones become infinite nor squares of small ones nothing: a power of
/// two, by which nothing is rounded, near the largest of them; 1 for features of usual size.
struct FeatureScale: Hashable, Sendable {
  let unit: Float

  private static let usual: ClosedRange<Float> = 0x1p-30...0x1p30

  /// - Throws: ``TrainingError/setting(name:expected:found:)`` for features that are not finite.
  init(_ scalars: [Float], samples: Int) throws(TrainingError) {
    let width = max(1, scalars.count / max(1, samples))
    let lost = (0..<scalars.count / width).count { row in
      !scalars[row * width..<(row + 1) * width].allSatisfy(\.isFinite)
    }
    guard lost == 0 else {
      throw .setting(
        name: "features", expected: "finite numbers",
        found: "\(lost.grouped) of \(counted(samples, "row")) with others")
    }
    let largest = scalars.reduce(0) { max($0, abs($1)) }
    let isUsual = largest == 0 || Self.usual.contains(largest)
    unit = isUsual ? 1 : Float(sign: .plus, exponent: largest.exponent, significand: 1)
  }

  /// What variances are divided by.
  var square: Double { Double(unit) * Double(unit) }

  func scaled(_ scalars: [Float]) -> [Float] {
    unit == 1 ? scalars : scalars.map { $0 / unit }
  }
}

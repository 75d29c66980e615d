import Foundation
import Randomness
import Tensors

/// The initial values of a layer's weights, by Keras's names and with Keras's defaults.
public enum Initializer: String, Hashable, Sendable, CaseIterable, Codable {
  /// Uniform with variance `2 / (inputs + units)` (Glorot and Bengio, 2010).
  case glorotUniform = "glorot_uniform"
  /// Normal, truncated at two standard deviations, with the same variance.
  case glorotNormal = "glorot_normal"
  /// Uniform with variance `2 / inputs` (He et al., 2015).
  case heUniform = "he_uniform"
  /// Normal, truncated at two standard deviations, with the same variance.
  case heNormal = "he_normal"
  /// Uniform with variance `1 / inputs` (LeCun et al., 1998).
  case lecunUniform = "lecun_uniform"
  /// Normal, truncated at two standard deviations, with the same variance.
  case lecunNormal = "lecun_normal"
  /// Uniform between -0.05 and 0.05.
  case randomUniform = "random_uniform"
  /// Normal with standard deviation 0.05.
  case randomNormal = "random_normal"
  /// The same, truncated at two standard deviations.
  case truncatedNormal = "truncated_normal"
  /// Columns, or rows where those are fewer, of length 1 at right angles (Saxe et al., 2014).
  case orthogonal
  /// All 0.
  case zeros
  /// All 1.
  case ones

  /// The values of a kernel `[inputs, units]`, or of a bias where `inputs` is nil.
  func values(inputs: Int?, units: Int, seed: UInt64) -> [Float] {
    let count = (inputs ?? 1) * units
    // Keras counts a vector's extent as its inputs and its outputs alike.
    let fans = (input: Double(inputs ?? units), output: Double(units))
    var generator = NormalGenerator(seed: seed)
    switch self {
    case .zeros: return [Float](repeating: 0, count: count)
    case .ones: return [Float](repeating: 1, count: count)
    case .glorotUniform: return generator.uniform(count, variance: 2 / (fans.input + fans.output))
    case .heUniform: return generator.uniform(count, variance: 2 / fans.input)
    case .lecunUniform: return generator.uniform(count, variance: 1 / fans.input)
    case .glorotNormal: return generator.truncated(count, variance: 2 / (fans.input + fans.output))
    case .heNormal: return generator.truncated(count, variance: 2 / fans.input)
    case .lecunNormal: return generator.truncated(count, variance: 1 / fans.input)
    case .randomUniform: return generator.uniform(count, limit: 0.05)
    case .randomNormal: return (0..<count).map { _ in Float(0.05 * generator.next()) }
    case .truncatedNormal: return (0..<count).map { _ in Float(0.05 * generator.nextTruncated()) }
    case .orthogonal: return generator.orthogonal(rows: inputs ?? 1, columns: units)
    }
  }
}

/// Numbers with the distributions initialisers want.
struct NormalGenerator {
  private var generator: SplitMix64

  /// The deviation of a standard normal distribution cut off at two deviations.
  private static let truncatedDeviation = 0.879_625_661_034_239_78

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// A standard normal number (Box and Muller, 1958).
  mutating func next() -> Double {
    let radius = (-2 * log(1 - generator.nextUnit())).squareRoot()
    return radius * cos(2 * .pi * generator.nextUnit())
  }

  /// A standard normal number within two deviations.
  mutating func nextTruncated() -> Double {
    while true {
      let number = next()
      if abs(number) <= 2 { return number }
    }
  }

  mutating func uniform(_ count: Int, variance: Double) -> [Float] {
    uniform(count, limit: (3 * variance).squareRoot())
  }

  mutating func uniform(_ count: Int, limit: Double) -> [Float] {
    (0..<count).map { _ in Float(limit * (generator.nextUnit() * 2 - 1)) }
  }

  mutating func truncated(_ count: Int, variance: Double) -> [Float] {
    let scale = variance.squareRoot() / Self.truncatedDeviation
    return (0..<count).map { _ in Float(scale * nextTruncated()) }
  }

  /// A matrix whose shorter axis holds orthonormal vectors: normal vectors, each freed of the ones before it
  /// (Gram and Schmidt), twice against rounding.
  mutating func orthogonal(rows: Int, columns: Int) -> [Float] {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var basis: [[Double]] = []
    while basis.count < count {
      var vector = (0..<length).map { _ in next() }
      for former in basis + basis {
        let product = zip(vector, former).reduce(0) { $0 + $1.0 * $1.1 }
        for index in vector.indices { vector[index] -= product * former[index] }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 1e-9 { basis.append(vector.map { $0 / norm }) }
    }
    return (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      return Float(columns <= rows ? basis[column][row] : basis[row][column])
    }
  }
}

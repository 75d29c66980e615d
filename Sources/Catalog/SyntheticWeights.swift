import Randomness
package import Tensors

/// Weights from a seed: what every test, demo and benchmark uses where real weights cannot be shipped.
///
/// The value at index `i` of a tensor depends only on the seed, the tensor's name (`conv1_conv/kernel`) and
/// `i`. Everything is exact arithmetic on 64-bit integers and correctly rounded doubles, so
/// `Tests/Fixtures/synthetic_weights.py` makes the same bits with NumPy. Kernels are He-uniform (He et al.,
/// 2015) and batch-norm statistics plausible, so that activations stay in range through a whole network.
package struct SyntheticWeights: Sendable {
  private let seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The elements of the tensor `<layer>/<role>`, row-major in `shape`; kernels in today's order (HWIO).
  ///
  /// - Complexity: O(elements).
  package func values(layer: String, role: String, shape: TensorShape) -> [Float] {
    let (low, high) = Self.range(role: role, shape: shape)
    var generator = SplitMix64(seed: seed ^ Self.hash("\(layer)/\(role)"))
    return (0..<shape.elementCount).map { _ in Float(low + (high - low) * generator.nextUnit()) }
  }

  /// A batch of inputs `[N, H, W, C]` with elements in [-1, 1).
  package func images(count: Int, height: Int, width: Int, channels: Int = 3) -> Tensor {
    var generator = SplitMix64(seed: seed ^ Self.hash("images"))
    let shape = TensorShape([count, height, width, channels])
    let scalars = (0..<shape.elementCount).map { _ in Float(generator.nextUnit() * 2 - 1) }
    return Tensor(shape: shape, scalars: scalars)
  }

  /// The bounds of the uniform distribution a role draws from.
  private static func range(role: String, shape: TensorShape) -> (Double, Double) {
    switch role {
    case "kernel" where shape.rank == 4: symmetric(6, fanIn: shape[0] * shape[1] * shape[2])
    case "kernel": symmetric(6, fanIn: shape[0])
    case "depthwise_kernel": symmetric(3, fanIn: shape[0] * shape[1])
    case "pointwise_kernel": symmetric(3, fanIn: shape[2])
    case "gamma": (0.4, 0.9)
    case "moving_variance", "variance": (0.5, 1.8)
    default: (-0.17, 0.17)
    }
  }

  private static func symmetric(_ numerator: Double, fanIn: Int) -> (Double, Double) {
    let limit = (numerator / Double(fanIn)).squareRoot()
    return (-limit, limit)
  }

  /// FNV-1a, 64 bits, of the UTF-8 bytes.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

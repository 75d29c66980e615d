import Randomness
import Tensors
import Training

/// Features and labels made from a seed.
enum SyntheticFeatures {
  /// Elements in [-1, 1).
  static func uniform(_ shape: TensorShape, seed: UInt64) -> Tensor {
    var generator = SplitMix64(seed: seed)
    let scalars = (0..<shape.elementCount).map { _ in Float(generator.nextUnit() * 2 - 1) }
    return Tensor(shape: shape, scalars: scalars)
  }

  /// Points around `classes` corners of a cube, far enough apart for a plane between any two.
  static func separable(samples: Int, width: Int, classes: Int, seed: UInt64) -> (Tensor, [Int]) {
    var features = uniform([samples, width], seed: seed)
    let labels = (0..<samples).map { $0 % classes }
    for (sample, label) in labels.enumerated() { features.scalars[sample * width + label] += 2 }
    return (features, labels)
  }
}

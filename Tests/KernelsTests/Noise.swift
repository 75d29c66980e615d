import Randomness
import Tensors

/// Numbers in [-1, 1) for tests.
func noise(_ count: Int, seed: UInt64) -> [Float] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in Float(generator.nextUnit() * 2 - 1) }
}

import Randomness
import Tensors

/// How one seed decides everything: every purpose starts a generator of its own, so that nothing depends on
/// how many numbers something else drew, and training can be resumed from any epoch or step.
enum Seeds {
  /// A seed for the `index`-th use of `purpose`.
  static func derive(_ seed: UInt64, _ purpose: String, _ index: Int = 0) -> UInt64 {
    var generator = SplitMix64(
      seed: seed ^ hash(purpose) &+ UInt64(truncatingIfNeeded: index) &* 0xD6E8_FEB8_6659_FD93)
    return generator.next()
  }

  /// FNV-1a, 64 bits, of the UTF-8 bytes.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// A permutation of `0..<count` (Fisher and Yates): the order of one epoch.
  static func permutation(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var generator = SplitMix64(seed: derive(seed, "shuffle", epoch))
    return Array(0..<count).shuffled(using: &generator)
  }
}

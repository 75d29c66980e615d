/// The one source of randomness: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014). A seed decides every number that follows, on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// Where the generator stands: put it into `init(seed:)` to go on from here.
  public private(set) var state: UInt64

  /// Starts at `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in [0, 1), a multiple of 2⁻⁵³: exact, so that other languages reproduce it bit for bit.
  public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

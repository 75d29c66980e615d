/// NumPy's `RandomState`, as far as repeating Keras's splits needs it: MT19937 (Matsumoto and Nishimura, 1998).
///
/// For that alone; everything random of our own comes from `SplitMix64`.
package struct MersenneTwister {
  private static let (length, middle) = (624, 397)

  private var state: [UInt32]
  private var position = length

  package init(seed: UInt32) {
    state = [seed]
    for index in 1..<Self.length {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index))
    }
  }

  mutating func next() -> UInt32 {
    if position == Self.length { twist() }
    var bits = state[position]
    position += 1
    bits ^= bits >> 11
    bits ^= (bits << 7) & 0x9D2C_5680
    bits ^= (bits << 15) & 0xEFC6_0000
    return bits ^ (bits >> 18)
  }

  private mutating func twist() {
    for index in state.indices {
      let bits = (state[index] & 0x8000_0000) | (state[(index + 1) % Self.length] & 0x7FFF_FFFF)
      let odd: UInt32 = bits & 1 == 0 ? 0 : 0x9908_B0DF
      state[index] = state[(index + Self.middle) % Self.length] ^ (bits >> 1) ^ odd
    }
    position = 0
  }

  /// `RandomState.shuffle`.
  package mutating func shuffled(_ elements: [Int]) -> [Int] {
    var elements = elements
    for last in elements.indices.dropFirst().reversed() {
      elements.swapAt(last, Int(number(upTo: UInt32(last))))
    }
    return elements
  }

  /// `random_interval`: 0 to `most`, by throwing away what is too large.
  private mutating func number(upTo most: UInt32) -> UInt32 {
    let mask = UInt32.max >> most.leadingZeroBitCount
    while true {
      let value = next() & mask
      if value <= most { return value }
    }
  }
}

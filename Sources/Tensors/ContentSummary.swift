/// A tensor's values in a few numbers: equal ones are those of tensors with the same values, as far as such numbers can tell.
package struct ContentSummary: Hashable, Sendable {
  /// Of the values in their order.
  package private(set) var ordered: UInt64 = 0x9E37_79B9_7F4A_7C15
  /// Of the values in any order.
  package private(set) var unordered = Unordered()
  /// Whether all values are one.
  package private(set) var isConstant = true
  private var first: UInt64?

  /// What tensors with the same values in another order share.
  package struct Unordered: Hashable, Sendable {
    package fileprivate(set) var count = 0
    fileprivate var sum: UInt64 = 0
    fileprivate var mixedSum: UInt64 = 0
  }

  /// Goes through little-endian elements of `type`; numbers that are equal are so in every type.
  package init(_ bytes: RawSpan, _ type: ScalarType) {
    let total = bytes.byteCount / type.byteCount
    var numbers: [Double] = []
    for start in stride(from: 0, to: total, by: 4096) {
      let length = min(4096, total - start)
      type.read(bytes, from: start, count: length, into: &numbers)
      for index in 0..<length { add(Self.pattern(of: numbers[index])) }
    }
  }

  private mutating func add(_ pattern: UInt64) {
    if let first { isConstant = isConstant && first == pattern } else { first = pattern }
    let mixed = Self.mixed(pattern)
    ordered = (ordered &+ mixed) &* 0xD134_2543_DE82_EF95
    ordered ^= ordered >> 29
    unordered.count += 1
    unordered.sum &+= mixed
    unordered.mixedSum &+= Self.mixed(mixed)
  }

  /// One for all that counts as equal.
  private static func pattern(of number: Double) -> UInt64 {
    number.isNaN ? Double.nan.bitPattern : number == 0 ? 0 : number.bitPattern
  }

  /// SplitMix64's mixing.
  private static func mixed(_ pattern: UInt64) -> UInt64 {
    var bits = pattern &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

extension Float {
  /// The value of an IEEE 754 binary16 number; exact.
  ///
  /// Written out because `Float16` does not exist on every platform Swift runs on, and without branches so that
  /// compilers make vectors of it.
  @inline(__always)
  package init(halfBits bits: UInt16) {
    let word = UInt32(bits) << 16
    let withoutSign = word &+ word
    // A normal number's exponent is set higher by as much as the factor takes away; infinities stay infinite.
    let normal = Float(bitPattern: withoutSign >> 4 &+ 0x7000_0000) * 0x1p-112
    let subnormal = Float(bitPattern: withoutSign >> 17 | 0x3F00_0000) - 0.5
    let magnitude = withoutSign < 0x0800_0000 ? subnormal : normal
    self.init(bitPattern: word & 0x8000_0000 | magnitude.bitPattern)
  }

  /// The value of a bfloat16 number; exact.
  @inline(__always)
  package init(brainBits bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }

  /// The nearest binary16 number, of two the even one; infinite from 65520 on, as NumPy has it.
  @inline(__always)
  package var halfBits: UInt16 {
    let sign = UInt16(truncatingIfNeeded: bitPattern >> 16) & 0x8000
    let magnitude = bitPattern & 0x7FFF_FFFF
    let rounded: UInt32
    if magnitude > 0x7F80_0000 {
      rounded = 0x7E00
    } else if magnitude >= 0x4780_0000 {
      rounded = 0x7C00
    } else if magnitude >= 0x3880_0000 {
      rounded = (magnitude &+ 0xFFF &+ (magnitude >> 13 & 1)) >> 13 &- 112 << 10
    } else {
      // The addition rounds: next to one half floats are as far apart as subnormal numbers are.
      rounded = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000
    }
    return sign | UInt16(truncatingIfNeeded: rounded)
  }

  /// The nearest bfloat16 number, of two the even one.
  @inline(__always)
  package var brainBits: UInt16 {
    guard !isNaN else { return UInt16(truncatingIfNeeded: bitPattern >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bitPattern &+ 0x7FFF &+ (bitPattern >> 16 & 1)) >> 16)
  }

  /// The float next to `value` towards zero, but with its last bit set unless it is exact: rounded once more to
  /// a narrower type, it gives what rounding `value` to that type at once would.
  @inline(__always)
  package static func roundedToOdd(_ value: Double) -> Float {
    let nearest = Float(value)
    let distance = Double(nearest).magnitude - value.magnitude
    // Otherwise equal, or not finite.
    guard distance < 0 || distance > 0 else { return nearest }
    return Float(bitPattern: (distance > 0 ? nearest.bitPattern &- 1 : nearest.bitPattern) | 1)
  }
}

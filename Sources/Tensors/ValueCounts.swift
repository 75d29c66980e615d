/// How many of a tensor's values are unusual for trained weights.
public struct ValueCounts: Hashable, Sendable {
  /// Values that are not a number.
  public private(set) var nan = 0
  /// Plus and minus infinity.
  public private(set) var infinite = 0
  /// Values so close to zero that they have fewer digits than others and slow some machines down; zero is none of them.
  public private(set) var subnormal = 0
  /// Values below zero, minus infinity too; counted only where none may be, as among variances.
  public private(set) var negative = 0

  /// Nothing unusual.
  public init() {}

  /// Whether a network can compute with the values: all are finite, and none is below zero where none may be.
  public var isUsable: Bool { nan == 0 && infinite == 0 && negative == 0 }

  /// Whether no value is unusual.
  public var isOrdinary: Bool { isUsable && subnormal == 0 }

  /// The counts of two parts of a tensor together.
  package static func + (one: ValueCounts, other: ValueCounts) -> ValueCounts {
    var sum = one
    sum.nan += other.nan
    sum.infinite += other.infinite
    sum.subnormal += other.subnormal
    sum.negative += other.negative
    return sum
  }
}

extension ValueCounts {
  /// Counts in little-endian elements of `type`; of integers and truth values nothing is unusual.
  ///
  /// - Parameter mayBeNegative: false to count values below zero, too.
  /// - Complexity: O(elements), at the speed memory is read with where all is ordinary.
  package init(_ bytes: RawSpan, _ type: ScalarType, mayBeNegative: Bool) {
    switch type {
    case .float64: count(bytes, infinity: 0x7FF0 << 48 as UInt64, leastNormal: 0x10 << 48, mayBeNegative)
    case .float32: count(bytes, infinity: 0x7F80_0000 as UInt32, leastNormal: 0x80_0000, mayBeNegative)
    case .float16: count(bytes, infinity: 0x7C00 as UInt16, leastNormal: 0x400, mayBeNegative)
    case .bfloat16: count(bytes, infinity: 0x7F80 as UInt16, leastNormal: 0x80, mayBeNegative)
    default: break
    }
  }

  /// Block by block: most are found ordinary by a few operations a value, only others are counted.
  @inline(__always)
  private mutating func count<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & SIMDScalar>(
    _ bytes: RawSpan, infinity: Bits, leastNormal: Bits, _ mayBeNegative: Bool
  )
  where Bits.SIMD16Storage: BitwiseCopyable {
    let size = MemoryLayout<Bits>.size
    for start in stride(from: 0, to: bytes.byteCount / size * size, by: 1024 * size) {
      let block = bytes.extracting(start..<min(bytes.byteCount / size * size, start + 1024 * size))
      if mayBeNegative, Self.isOrdinary(block, leastNormal: leastNormal) { continue }
      countAll(block, infinity: infinity, leastNormal: leastNormal, mayBeNegative)
    }
  }

  /// Whether no value can be unusual; says no of zeros, too, and of a block that is no whole number of vectors.
  @inline(__always)
  private static func isOrdinary<Bits: FixedWidthInteger & UnsignedInteger & SIMDScalar>(
    _ block: RawSpan, leastNormal: Bits
  ) -> Bool
  where Bits.SIMD16Storage: BitwiseCopyable {
    let size = MemoryLayout<SIMD16<Bits>>.size
    guard block.byteCount % size == 0, 1.littleEndian == 1 else { return false }
    let (magnitudes, least) = (SIMD16(repeating: Bits.max >> 1), SIMD16(repeating: leastNormal))
    var signs = SIMD16<Bits>(repeating: 0)
    for offset in stride(from: 0, to: block.byteCount, by: size) {
      let values = unsafe block.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<Bits>.self)
      let magnitude = values & magnitudes
      // The first sum reaches the sign's bit from infinity on, the second difference below the least normal number.
      signs |= (magnitude &+ least) | (magnitude &- least)
    }
    return (signs .> magnitudes) == SIMDMask(repeating: false)
  }

  @inline(__always)
  private mutating func countAll<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ block: RawSpan, infinity: Bits, leastNormal: Bits, _ mayBeNegative: Bool
  ) {
    for offset in stride(from: 0, to: block.byteCount, by: MemoryLayout<Bits>.size) {
      let bits = Self.load(block, offset, Bits.self)
      let magnitude = bits & (Bits.max >> 1)
      if magnitude > infinity {
        nan += 1
        continue
      }
      if magnitude == infinity { infinite += 1 }
      if magnitude > 0, magnitude < leastNormal { subnormal += 1 }
      if !mayBeNegative, magnitude > 0, bits > magnitude { negative += 1 }
    }
  }

  @inline(__always)
  private static func load<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: RawSpan, _ offset: Int, _: Bits.Type
  ) -> Bits {
    Bits(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Bits.self))
  }
}

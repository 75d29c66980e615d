/// Elements of one floating-point type made into another, each the nearest there is, of two the even one.
package struct ScalarConversion: Sendable {
  private let source: ScalarType
  private let target: ScalarType

  /// A conversion, or nil unless both types are floating-point ones and `target` is no wider than `float32`.
  package init?(from source: ScalarType, to target: ScalarType) {
    guard source.isFloatingPoint, target.isFloatingPoint, target != .float64 else { return nil }
    (self.source, self.target) = (source, target)
  }

  /// Writes as many elements as both hold, little-endian and without regard for alignment.
  ///
  /// - Returns: the first finite element that became infinite; nil if all fit.
  package func apply(_ elements: RawSpan, to converted: inout MutableRawSpan) -> Double? {
    switch source {
    case .float64:
      let toOdd = target != .float32
      return store(elements, &converted, UInt64.self) {
        toOdd ? Float.roundedToOdd(Double(bitPattern: $0)) : Float(Double(bitPattern: $0))
      } as: {
        Double(bitPattern: $0)
      }
    case .float16: return store(elements, &converted, UInt16.self) { Float(halfBits: $0) }
    case .bfloat16: return store(elements, &converted, UInt16.self) { Float(brainBits: $0) }
    default: return store(elements, &converted, UInt32.self) { Float(bitPattern: $0) }
    }
  }

  @inline(__always)
  private func store<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ elements: RawSpan, _ converted: inout MutableRawSpan, _: Bits.Type, _ float: (Bits) -> Float,
    as exact: ((Bits) -> Double)? = nil
  ) -> Double? {
    switch target {
    case .float16:
      store(elements, &converted, float, exact) {
        $0.halfBits
      } infinite: {
        $0 & 0x7FFF == 0x7C00
      }
    case .bfloat16:
      store(elements, &converted, float, exact) {
        $0.brainBits
      } infinite: {
        $0 & 0x7FFF == 0x7F80
      }
    default:
      store(elements, &converted, float, exact) {
        $0.bitPattern
      } infinite: {
        $0 & 0x7FFF_FFFF == 0x7F80_0000
      }
    }
  }

  @inline(__always)
  private func store<From: FixedWidthInteger & BitwiseCopyable, To: FixedWidthInteger & BitwiseCopyable>(
    _ elements: RawSpan, _ converted: inout MutableRawSpan, _ float: (From) -> Float,
    _ exact: ((From) -> Double)?, _ narrow: (Float) -> To, infinite: (To) -> Bool
  ) -> Double? {
    let (from, to) = (MemoryLayout<From>.size, MemoryLayout<To>.size)
    var overflow: Double?
    for index in 0..<min(elements.byteCount / from, converted.byteCount / to) {
      let bits = From(
        littleEndian: unsafe elements.unsafeLoadUnaligned(fromByteOffset: index * from, as: From.self))
      let result = narrow(float(bits))
      converted.storeBytes(of: result.littleEndian, toByteOffset: index * to, as: To.self)
      guard infinite(result), overflow == nil else { continue }
      let value = exact?(bits) ?? Double(float(bits))
      if value.isFinite { overflow = value }
    }
    return overflow
  }
}

extension ScalarType {
  /// Whether elements are floating-point numbers.
  package var isFloatingPoint: Bool { [.float64, .float32, .float16, .bfloat16].contains(self) }
}

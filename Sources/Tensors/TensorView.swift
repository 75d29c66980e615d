/// Calls its second argument once for each number below its first, in any order, on any threads.
package typealias PieceLoop = (Int, @escaping @Sendable (Int) -> Void) -> Void

/// Bytes that somebody else keeps alive: a block of memory, an array.
///
/// The bytes never change for as long as the object lives.
package protocol ByteStorage: AnyObject, Sendable {
  /// Lends all the bytes for the duration of `body`.
  func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure)
    -> Result
}

/// A read-only tensor whose bytes lie in a ``ByteStorage``: little-endian, row-major, of any scalar type.
///
/// Copying a view copies no elements; the view keeps its storage alive.
package struct TensorView: Sendable {
  package let shape: TensorShape
  package let scalarType: ScalarType
  private let storage: any ByteStorage
  private let range: Range<Int>

  /// Views `range` of `storage`, or nil when shape, element size and range disagree or leave the storage.
  package init?(shape: TensorShape, scalarType: ScalarType, storage: any ByteStorage, range: Range<Int>) {
    let (size, overflow) = shape.elementCount.multipliedReportingOverflow(by: scalarType.byteCount)
    let available = storage.withBytes { $0.byteCount }
    guard !overflow, size == range.count, range.lowerBound >= 0, range.upperBound <= available else {
      return nil
    }
    self.shape = shape
    self.scalarType = scalarType
    self.storage = storage
    self.range = range
  }

  /// The size of all elements in bytes.
  package var byteCount: Int { range.count }

  /// Lends the elements' bytes; they need not be aligned for their type.
  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withBytes { (bytes) throws(Failure) in try body(bytes.extracting(range)) }
  }

  /// The elements as `float32`, or nil when the scalar type is not one of the floating-point types.
  ///
  /// - Complexity: O(elements); always a copy.
  package func floats() -> [Float]? {
    guard scalarType.isFloatingPoint else { return nil }
    return withBytes { bytes in
      unsafe [Float](unsafeUninitializedCapacity: shape.elementCount) { target, count in
        unsafe fill(target, from: bytes)
        count = shape.elementCount
      }
    }
  }

  /// Lends the elements as `float32`, or returns nil when the scalar type is not one of the floating-point types.
  ///
  /// - Complexity: O(1) for aligned `float32` elements on a little-endian machine, otherwise a copy.
  package func withFloats<Result>(_ body: (Span<Float>) -> Result) -> Result? {
    withBytes { bytes in
      unsafe bytes.withUnsafeBytes { raw in
        let isAligned = Int(bitPattern: raw.baseAddress) % MemoryLayout<Float>.alignment == 0
        guard scalarType == .float32, UInt32(littleEndian: 1) == 1, isAligned else {
          return floats().map { body($0.span) }
        }
        return unsafe body(raw.bindMemory(to: Float.self).span)
      }
    }
  }

  private func fill(_ target: UnsafeMutableBufferPointer<Float>, from bytes: RawSpan) {
    switch scalarType {
    case .float64: unsafe fill(target, bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float16: unsafe fill(target, bytes, UInt16.self) { Float(halfBits: $0) }
    case .bfloat16: unsafe fill(target, bytes, UInt16.self) { Float(brainBits: $0) }
    default: unsafe fill(target, bytes, UInt32.self) { Float(bitPattern: $0) }
    }
  }

  /// Inlined, for the conversion to be made into vectors.
  @inline(__always)
  private func fill<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ target: UnsafeMutableBufferPointer<Float>, _ bytes: RawSpan, _: Bits.Type, _ convert: (Bits) -> Float
  ) {
    for index in 0..<shape.elementCount {
      let offset = index * MemoryLayout<Bits>.size
      let bits = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Bits.self)
      unsafe target[index] = convert(Bits(littleEndian: bits))
    }
  }
}

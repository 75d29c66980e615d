extension ScalarType {
  /// Reads elements as double-precision numbers, which hold every value of all types but integers of 8 bytes exactly.
  ///
  /// - Parameters:
  ///   - bytes: little-endian elements of this type.
  ///   - start: the first element that is read.
  ///   - count: how many are read.
  ///   - numbers: where they are put, from its beginning; made longer where it is too short.
  package func read(_ bytes: RawSpan, from start: Int, count: Int, into numbers: inout [Double]) {
    precondition(start >= 0 && count >= 0 && (start + count) * byteCount <= bytes.byteCount)
    if numbers.count < count { numbers += [Double](repeating: 0, count: count - numbers.count) }
    switch self {
    case .float64: read(bytes, start, count, &numbers, UInt64.self) { Double(bitPattern: $0) }
    case .float32: read(bytes, start, count, &numbers, UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float16: read(bytes, start, count, &numbers, UInt16.self) { Double(Float(halfBits: $0)) }
    case .bfloat16: read(bytes, start, count, &numbers, UInt16.self) { Double(Float(brainBits: $0)) }
    case .int64: read(bytes, start, count, &numbers, Int64.self) { Double($0) }
    case .int32: read(bytes, start, count, &numbers, Int32.self) { Double($0) }
    case .int16: read(bytes, start, count, &numbers, Int16.self) { Double($0) }
    case .int8: read(bytes, start, count, &numbers, Int8.self) { Double($0) }
    case .uint64: read(bytes, start, count, &numbers, UInt64.self) { Double($0) }
    case .uint32: read(bytes, start, count, &numbers, UInt32.self) { Double($0) }
    case .uint16: read(bytes, start, count, &numbers, UInt16.self) { Double($0) }
    case .uint8, .bool: read(bytes, start, count, &numbers, UInt8.self) { Double($0) }
    }
  }

  @inline(__always)
  private func read<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: RawSpan, _ start: Int, _ count: Int, _ numbers: inout [Double], _: Bits.Type,
    _ number: (Bits) -> Double
  ) {
    for index in 0..<count {
      let offset = (start + index) * MemoryLayout<Bits>.size
      let bits = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Bits.self)
      numbers[index] = number(Bits(littleEndian: bits))
    }
  }
}

extension ScalarType {
  /// Elements to the last digit, where they are whole numbers of at most 100 bits.
  ///
  /// - Parameter numbers: the same elements in double precision, exact for all types but integers of 8 bytes.
  func wholeNumbers(
    _ bytes: RawSpan, from start: Int, count: Int, _ numbers: [Double]
  ) -> [Int128?] {
    (0..<count).map { index in
      guard self == .int64 || self == .uint64 else {
        return abs(numbers[index]) < 0x1p100 ? Int128(exactly: numbers[index]) : nil
      }
      let bits = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: (start + index) * 8, as: UInt64.self)
      let number = UInt64(littleEndian: bits)
      return self == .int64 ? Int128(Int64(bitPattern: number)) : Int128(number)
    }
  }
}

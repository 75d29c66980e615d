extension MutableRawSpan {
  /// Fills everything with copies of `element`; with zeros when there is none.
  mutating func fill(with element: [UInt8]?) {
    unsafe withUnsafeMutableBytes { target in
      guard let element, !element.isEmpty else {
        unsafe target.initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
      for index in 0..<target.count { unsafe target[index] = element[index % element.count] }
    }
  }

  /// Turns the bytes of every element round: from the other byte order to this machine's.
  mutating func reverseBytes(ofElementsOf byteCount: Int) {
    switch byteCount {
    case 2: swapAll(UInt16.self)
    case 4: swapAll(UInt32.self)
    case 8: swapAll(UInt64.self)
    default: break
    }
  }

  private mutating func swapAll<Bits: FixedWidthInteger & BitwiseCopyable>(_: Bits.Type) {
    for offset in stride(from: 0, to: byteCount, by: MemoryLayout<Bits>.size) {
      let bits = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Bits.self)
      storeBytes(of: bits.byteSwapped, toByteOffset: offset, as: Bits.self)
    }
  }
}

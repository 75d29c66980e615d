extension MutableRawSpan {
  /// Writes numbers from the first byte on, the lowest byte of each first; they must fit.
  package mutating func write(floats: [Float]) {
    unsafe floats.withUnsafeBytes { numbers in
      unsafe withUnsafeMutableBytes { target in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[..<numbers.count]).copyMemory(from: numbers)
      }
    }
  }

  /// Writes `source` at `offset`; it must fit.
  package mutating func write(_ source: RawSpan, at offset: Int) {
    unsafe source.withUnsafeBytes { bytes in
      unsafe withUnsafeMutableBytes { target in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + bytes.count]).copyMemory(
          from: bytes)
      }
    }
  }

  /// Writes `source` at `offset`; it must fit.
  package mutating func write(_ source: ArraySlice<UInt8>, at offset: Int) {
    unsafe source.withUnsafeBytes { bytes in
      unsafe withUnsafeMutableBytes { target in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + bytes.count]).copyMemory(
          from: bytes)
      }
    }
  }
}

extension MutableSpan<Float> {
  /// Lends the bytes of the numbers in `range`, in the machine's order, for `body` to change.
  package mutating func withMutableBytes<Result, Failure: Error>(
    of range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe withUnsafeMutableBytes { bytes throws(Failure) in
      let part = unsafe UnsafeMutableRawBufferPointer(
        rebasing: bytes[4 * range.lowerBound..<4 * range.upperBound])
      var span = unsafe MutableRawSpan(_unsafeBytes: part)
      return try body(&span)
    }
  }
}

extension [UInt8] {
  /// Makes an array of `count` bytes that `fill` writes.
  package init<Failure: Error>(
    count: Int, fill: (inout MutableRawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(repeating: 0, count: count)
    try withMutableRawSpan(fill)
  }

  /// Lends the bytes for `body` to change.
  package mutating func withMutableRawSpan<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = mutableSpan
    var bytes = unsafe span.mutableBytes
    return try body(&bytes)
  }

  /// A copy of the first bytes, of all where they are no more than `limit`.
  package init(_ bytes: RawSpan, atMost limit: Int) {
    self = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0.prefix(limit)) }
  }

  /// Appends a copy of `bytes`.
  mutating func append(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

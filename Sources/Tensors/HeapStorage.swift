/// Bytes of our own, on a 64-byte boundary: what a view shows when there is no mapped file behind it.
@safe package final class HeapStorage: ByteStorage {
  // Written only in `init`, freed in `deinit`: safe to share.
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

  /// Takes `byteCount` zeroed bytes and lets `fill` write them.
  package init<Failure: Error>(
    byteCount: Int, fill: (inout MutableRawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    unsafe buffer = .allocate(byteCount: byteCount, alignment: 64)
    unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
    var bytes = unsafe MutableRawSpan(_unsafeBytes: buffer)
    try fill(&bytes)
  }

  /// Copies the elements of an array.
  package convenience init<Element: BitwiseCopyable>(copying elements: [Element]) {
    let byteCount = elements.count * MemoryLayout<Element>.stride
    self.init(byteCount: byteCount) { bytes in
      unsafe bytes.withUnsafeMutableBytes { target in
        unsafe elements.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
      }
    }
  }

  deinit { unsafe buffer.deallocate() }

  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(buffer)))
  }
}

/// The elements of an array, which are copied only if somebody changes it.
private final class ArrayStorage: ByteStorage {
  private let elements: [Float]

  init(_ elements: [Float]) { self.elements = elements }

  func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let elements = elements
    let span = elements.span
    return try unsafe body(span.bytes)
  }
}

extension TensorView {
  /// A view of the elements of `tensor`, where they are.
  package init?(_ tensor: Tensor) {
    self.init(
      shape: tensor.shape, scalarType: .float32, storage: ArrayStorage(tensor.scalars),
      range: 0..<tensor.scalars.count * 4)
  }
}

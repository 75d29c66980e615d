#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes of our own, on a 64-byte boundary.
@safe package final class HeapStorage: ByteStorage {
  // Written only in `init`, freed in `deinit`: safe to share.
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

  private static let alignment = 64
  private static let largePage = 2 << 20

  /// Takes `byteCount` bytes that hold nothing in particular, and has `fill` write all of them in pieces, of each of which it
  /// is given the number and the bytes.
  ///
  /// - Parameter forEach: calls its second argument once for each number below its first, in any order, on any threads.
  /// - Returns: nil where the system does not give so many.
  package init?(
    byteCount: Int, pieceByteCount: Int, forEach: PieceLoop,
    fill: @escaping @Sendable (_ piece: Int, _ bytes: inout MutableRawSpan) -> Void
  ) {
    guard let buffer = unsafe Self.bytes(byteCount) else { return nil }
    unsafe self.buffer = buffer
    nonisolated(unsafe) let bytes = unsafe buffer
    let pieces = (byteCount + pieceByteCount - 1) / pieceByteCount
    forEach(pieces) { piece in
      let range = piece * pieceByteCount..<min(byteCount, (piece + 1) * pieceByteCount)
      // No two pieces share a byte.
      var span = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: bytes[range]))
      fill(piece, &span)
    }
  }

  /// Takes `byteCount` zeroed bytes and lets `fill` write them.
  ///
  /// - Returns: nil where the system does not give so many.
  package init?<Failure: Error>(
    byteCount: Int, fill: (inout MutableRawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    guard let buffer = unsafe Self.bytes(byteCount) else { return nil }
    unsafe self.buffer = buffer
    unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
    var bytes = unsafe MutableRawSpan(_unsafeBytes: buffer)
    try fill(&bytes)
  }

  /// Bytes of the heap, those of a large block in few pages; nil where the system has none.
  private static func bytes(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
    let isLarge = byteCount >= 2 * largePage
    var address: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&address, isLarge ? largePage : alignment, max(1, byteCount)) == 0 else {
      return nil
    }
    #if canImport(Glibc)
      // Advice: what is written once and read once should not cost a fault of the page tables every four kilobytes.
      if isLarge { _ = unsafe madvise(address, byteCount / largePage * largePage, MADV_HUGEPAGE) }
    #endif
    return unsafe UnsafeMutableRawBufferPointer(start: address, count: byteCount)
  }

  /// Copies the elements of a small array.
  ///
  /// - Precondition: the system has room for them.
  package init<Element: BitwiseCopyable>(copying elements: [Element]) {
    let byteCount = elements.count * MemoryLayout<Element>.stride
    guard let buffer = unsafe Self.bytes(byteCount) else {
      preconditionFailure("HeapStorage: the system has no \(byteCount) bytes")
    }
    unsafe self.buffer = buffer
    unsafe elements.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
  }

  deinit { unsafe free(buffer.baseAddress) }

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

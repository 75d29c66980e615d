import Foundation
package import Machine
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Bytes on a 64-byte boundary that kernels read and write, as scalars of whichever type.
///
/// Sharing one between threads is safe as long as no two of them touch the same element and one of them
/// writes: kernels divide their outputs, and a session is one thread's.
@safe package final class ByteBuffer: @unchecked Sendable {
  package let byteCount: Int
  private let base: UnsafeMutableRawPointer
  /// Pages taken from the system; none for a small buffer, which lies on the heap.
  private let pages: UnsafeMutableRawBufferPointer?
  /// Whose bytes these are; nil for its own.
  private let owner: ByteBuffer?

  /// Takes `byteCount` bytes, all zero. Those of a large buffer take no memory until they are touched.
  ///
  /// - Throws: where the system does not give so many.
  package convenience init(byteCount: Int) throws(MemoryShortage) {
    try self.init(unwritten: byteCount)
    clear()
  }

  /// Takes `byteCount` bytes that hold nothing in particular: for who writes every one before any is read.
  ///
  /// - Throws: where the system does not give so many.
  package init(unwritten byteCount: Int) throws(MemoryShortage) {
    guard let room = unsafe Self.room(byteCount) else { throw MemoryShortage(neededBytes: byteCount) }
    self.byteCount = byteCount
    owner = nil
    unsafe (pages, base) = (room.pages, room.base)
  }

  /// Takes `byteCount` bytes, all zero, for a block so small, or counted before with what it is a part of, that they are
  /// sure to be there.
  init(counted byteCount: Int) {
    guard let room = unsafe Self.room(byteCount) else {
      preconditionFailure("ByteBuffer: the system has no \(byteCount) bytes")
    }
    self.byteCount = byteCount
    owner = nil
    unsafe (pages, base) = (room.pages, room.base)
    clear()
  }

  private func clear() {
    if unsafe pages == nil { unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount) }
  }

  /// Memory from the system, nil where it has none: pages for what is large, all zero, a piece of the heap for what is not.
  private static func room(
    _ byteCount: Int
  ) -> (pages: UnsafeMutableRawBufferPointer?, base: UnsafeMutableRawPointer)? {
    precondition(byteCount >= 0, "ByteBuffer: \(byteCount) bytes")
    let size = max(64, byteCount)
    if size >= largePage { return unsafe takePages(size).map { unsafe ($0.pages, $0.aligned) } }
    var address: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&address, 64, size) == 0 else { return nil }
    return unsafe address.map { unsafe (nil, $0) }
  }

  /// Fresh pages, all zero, with room for `size` bytes from a large page's boundary on.
  private static func takePages(
    _ size: Int
  ) -> (pages: UnsafeMutableRawBufferPointer, aligned: UnsafeMutableRawPointer)? {
    let (room, overflow) = size.addingReportingOverflow(largePage)
    guard !overflow else { return nil }
    let start = unsafe mmap(nil, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { return nil }
    let aligned = unsafe start.alignedUp(toMultipleOf: largePage)
    #if canImport(Glibc)
      // Weights are walked through from end to end: with small pages every fourth kilobyte costs a walk
      // through the page tables. Advice; where it is not taken nothing is lost.
      _ = unsafe madvise(aligned, size, MADV_HUGEPAGE)
    #endif
    return unsafe (UnsafeMutableRawBufferPointer(start: start, count: room), aligned)
  }

  private static let largePage = 2 << 20

  /// The bytes of `owner` from `start` on, which stay its own.
  private init(sharing owner: ByteBuffer, from start: Int) {
    precondition(0...owner.byteCount ~= start, "ByteBuffer: \(start) is outside 0...\(owner.byteCount)")
    byteCount = owner.byteCount - start
    unsafe base = owner.base + start
    unsafe pages = nil
    self.owner = owner
  }

  /// The bytes from `start` on, shared with this buffer.
  package func suffix(from start: Int) -> ByteBuffer { ByteBuffer(sharing: self, from: start) }

  /// Takes the elements of an array.
  package convenience init(_ elements: [Float]) {
    self.init(counted: elements.count * 4)
    write(elements.span, at: 0)
  }

  deinit {
    if owner != nil { return }
    if let pages = unsafe pages {
      unsafe munmap(pages.baseAddress, pages.count)
    } else {
      unsafe free(base)
    }
  }

  /// The address of `count` floats from byte `start` on; they must lie inside.
  @unsafe func floats(
    at start: Int = 0, count: Int, of type: ScalarType = .float32
  ) -> UnsafeMutablePointer<Float> {
    precondition(type == .float32, "ByteBuffer: elements of \(type.rawValue) are read as floats")
    precondition(
      start >= 0 && count >= 0 && start + 4 * count <= byteCount,
      "ByteBuffer: \(count) floats from \(start) on are outside 0..<\(byteCount)")
    return unsafe (base + start).assumingMemoryBound(to: Float.self)
  }

  /// The address of the first of all floats.
  @unsafe var floats: UnsafePointer<Float> { unsafe UnsafePointer(floats(count: byteCount / 4)) }

  /// Copies `elements` to byte `start` and on.
  package func write(_ elements: Span<Float>, at start: Int) {
    let target = unsafe floats(at: start, count: elements.count)
    unsafe elements.withUnsafeBufferPointer { source in
      if let address = source.baseAddress { unsafe target.update(from: address, count: source.count) }
    }
  }

  /// The `count` floats from byte `start` on, copied.
  package func read(at start: Int = 0, count: Int) -> [Float] {
    unsafe Array(UnsafeBufferPointer(start: floats(at: start, count: count), count: count))
  }
}

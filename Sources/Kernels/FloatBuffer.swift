import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Floats on a 64-byte boundary that kernels read and write.
///
/// Sharing one between threads is safe as long as no two of them touch the same element and one of them
/// writes: kernels divide their outputs, and a session is one thread's.
@safe package final class FloatBuffer: @unchecked Sendable {
  /// How many floats there are.
  package let count: Int
  private let base: UnsafeMutablePointer<Float>
  /// Pages taken from the system; none for a small buffer, which lies on the heap.
  private let pages: UnsafeMutableRawBufferPointer?
  /// Whose floats these are; nil for its own.
  private let owner: FloatBuffer?

  /// Takes `count` floats, all zero. Those of a large buffer take no memory until they are touched.
  package convenience init(count: Int) {
    self.init(unwritten: count)
    if unsafe pages == nil { unsafe base.update(repeating: 0, count: count) }
  }

  /// Takes `count` floats that hold nothing in particular: for who writes every one before any is read.
  init(unwritten count: Int) {
    precondition(count >= 0, "FloatBuffer: \(count) floats")
    self.count = count
    owner = nil
    let size = max(64, count * 4)
    let address: UnsafeMutableRawPointer
    if size >= Self.largePage {
      let taken = unsafe Self.takePages(size)
      unsafe (pages, address) = (taken.pages, taken.aligned)
    } else {
      unsafe (pages, address) = (nil, .allocate(byteCount: size, alignment: 64))
    }
    unsafe base = address.bindMemory(to: Float.self, capacity: count)
  }

  /// Fresh pages, all zero, with room for `size` bytes from a large page's boundary on.
  private static func takePages(
    _ size: Int
  ) -> (pages: UnsafeMutableRawBufferPointer, aligned: UnsafeMutableRawPointer) {
    let room = size + largePage
    let start = unsafe mmap(nil, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else {
      preconditionFailure("FloatBuffer: the system has no \(room) bytes")
    }
    let aligned = unsafe start.alignedUp(toMultipleOf: largePage)
    #if canImport(Glibc)
      // Weights are walked through from end to end: with small pages every fourth kilobyte costs a walk
      // through the page tables. Advice; where it is not taken nothing is lost.
      _ = unsafe madvise(aligned, size, MADV_HUGEPAGE)
    #endif
    return unsafe (UnsafeMutableRawBufferPointer(start: start, count: room), aligned)
  }

  private static let largePage = 2 << 20

  /// The floats of `owner` from `start` on, which stay its own.
  private init(sharing owner: FloatBuffer, from start: Int) {
    count = owner.count - start
    unsafe base = owner.pointer(start..<owner.count)
    unsafe pages = nil
    self.owner = owner
  }

  /// The floats from `start` on, shared with this buffer.
  package func suffix(from start: Int) -> FloatBuffer { FloatBuffer(sharing: self, from: start) }

  /// Takes the elements of an array.
  package convenience init(_ elements: [Float]) {
    self.init(count: elements.count)
    write(elements.span, at: 0)
  }

  deinit {
    if owner != nil { return }
    if let pages = unsafe pages {
      unsafe munmap(pages.baseAddress, pages.count)
    } else {
      unsafe UnsafeMutableRawPointer(base).deallocate()
    }
  }

  /// The address of `range`'s first element; the range must lie inside.
  @unsafe func pointer(_ range: Range<Int>) -> UnsafeMutablePointer<Float> {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "FloatBuffer: \(range) is outside 0..<\(count)")
    return unsafe base + range.lowerBound
  }

  /// Copies `elements` to `offset...`.
  package func write(_ elements: Span<Float>, at offset: Int) {
    let target = unsafe pointer(offset..<offset + elements.count)
    unsafe elements.withUnsafeBufferPointer { source in
      if let address = source.baseAddress { unsafe target.update(from: address, count: source.count) }
    }
  }

  /// The elements of `range`, copied.
  package func read(_ range: Range<Int>) -> [Float] {
    unsafe Array(UnsafeBufferPointer(start: pointer(range), count: range.count))
  }
}

import Foundation

/// Floats on a 64-byte boundary that kernels read and write.
///
/// Sharing one between threads is safe as long as no two of them touch the same element and one of them
/// writes: kernels divide their outputs, and a session is one thread's.
@safe package final class FloatBuffer: @unchecked Sendable {
  /// How many floats there are.
  package let count: Int
  private let base: UnsafeMutablePointer<Float>

  /// Takes `count` floats, all zero.
  package init(count: Int) {
    precondition(count >= 0, "FloatBuffer: \(count) floats")
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 4), alignment: 64)
    unsafe base = bytes.bindMemory(to: Float.self, capacity: count)
    unsafe base.initialize(repeating: 0, count: count)
  }

  /// Takes the elements of an array.
  package convenience init(_ elements: [Float]) {
    self.init(count: elements.count)
    write(elements.span, at: 0)
  }

  deinit { unsafe UnsafeMutableRawPointer(base).deallocate() }

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

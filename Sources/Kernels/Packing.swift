/// Where weights are packed, and by which threads.
package struct Packing: Sendable {
  package let pool: ThreadPool
  private let memory: ByteBuffer?

  /// - Parameter memory: what the weights packed here take turns in: only those packed last hold. Nil where each are to
  ///   have memory of their own.
  package init(pool: ThreadPool = .shared, memory: ByteBuffer? = nil) {
    self.pool = pool
    self.memory = memory
  }

  /// Room for so many bytes.
  func room(for byteCount: Int) -> ByteBuffer {
    guard let memory else { return ByteBuffer(unwritten: byteCount) }
    precondition(
      memory.byteCount >= byteCount, "Packing: \(byteCount) bytes; there is room for \(memory.byteCount)")
    return memory
  }
}

/// Where weights are packed, and by which threads.
package struct Packing: Sendable {
  package let pool: ThreadPool
  private let memory: FloatBuffer?

  /// - Parameter memory: what the weights packed here take turns in: only those packed last hold. Nil where each are to
  ///   have memory of their own.
  package init(pool: ThreadPool = .shared, memory: FloatBuffer? = nil) {
    self.pool = pool
    self.memory = memory
  }

  /// Room for `count` floats.
  func room(for count: Int) -> FloatBuffer {
    guard let memory else { return FloatBuffer(unwritten: count) }
    precondition(memory.count >= count, "Packing: \(count) floats; there is room for \(memory.count)")
    return memory
  }
}

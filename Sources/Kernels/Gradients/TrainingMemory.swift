import Synchronization

/// Memory that the steps of a pass take turns in: fresh memory is zeroed by the system, page by page, which takes longer than
/// many a step.
///
/// What is in it means nothing, and holds until the next step. A pass is one thread's; it lends its memory to those of its pool.
package final class TrainingMemory: Sendable {
  /// What a step keeps apart.
  enum Purpose: Hashable, Sendable {
    case weights, mirroredKernel, columns, transposed, product, slopes, sums, scratch, gradient
  }

  private let rooms = Mutex<[Purpose: ByteBuffer]>([:])

  package init() {}

  /// Room for so many bytes at least.
  func room(_ purpose: Purpose, byteCount: Int) -> ByteBuffer {
    rooms.withLock { rooms in
      if let room = rooms[purpose], room.byteCount >= byteCount { return room }
      // The old room goes first, so that both are never there.
      rooms[purpose] = nil
      let room = ByteBuffer(counted: byteCount)
      rooms[purpose] = room
      return room
    }
  }

  /// Packed weights take turns in one room.
  func packing(_ purpose: Purpose, byteCount: Int, pool: ThreadPool) -> Packing {
    Packing(pool: pool, memory: room(purpose, byteCount: byteCount))
  }
}

/// What works on a batch: threads, and memory that they take turns in.
package struct TrainingCrew: Sendable {
  /// Images of the batch.
  package var images: Int
  package var pool: ThreadPool
  package var memory: TrainingMemory

  package init(images: Int, pool: ThreadPool, memory: TrainingMemory) {
    (self.images, self.pool, self.memory) = (images, pool, memory)
  }
}

import Kernels
import Machine
import Testing

/// Memory that the system gives, and memory that it does not.
@Suite struct ByteBufferTests {
  @Test(arguments: [0, 4, 4096, 3 << 20]) func memoryIsAllZero(byteCount: Int) throws {
    let buffer = try ByteBuffer(byteCount: byteCount)
    #expect(buffer.byteCount == byteCount)
    #expect(buffer.read(count: byteCount / 4).allSatisfy { $0 == 0 })
  }

  /// More than any address space has.
  @Test(arguments: [1 << 50, .max - (1 << 10)]) func whatThereIsNotIsAnError(byteCount: Int) {
    let error = #expect(throws: MemoryShortage.self) { try ByteBuffer(byteCount: byteCount) }
    #expect(error?.neededBytes == byteCount)
    #expect(error?.availableBytes == MemoryLimit.available)
  }

  @Test(arguments: [(1 << 20, 1 << 30), (.max, 2)])
  func aWorkspaceThatIsNotThereIsAnError(capacity: Int, bytesPerImage: Int) {
    #expect(throws: MemoryShortage.self) {
      try Workspace(
        capacity: capacity, bytesPerImage: bytesPerImage, scratchPerThread: 0, pool: .single)
    }
  }

  @Test func whatIsAvailableIsNoMoreThanTheLimit() throws {
    #expect(MemoryLimit.available <= MemoryLimit.byteCount)
    try MemoryLimit.check(0)
    #expect(throws: MemoryShortage.self) { try MemoryLimit.check(nil) }
    #expect(throws: MemoryShortage.self) { try MemoryLimit.check(.max) }
  }
}

import Kernels
import Machine

/// What a program of its own does about its memory, and a library in somebody else's program does not.
package enum ProcessMemory {
  /// Where the address space of the process is limited, lets all threads share one heap, so that none of it is put by for
  /// nothing. To be called before there are threads.
  package static func shareHeap() {
    if MemoryLimit.isAddressSpaceLimited { Heap.shareAmongThreads() }
  }

  /// What must be left of the address space for all that is too small to be counted, in bytes.
  private static let leastAddressSpace = 32 << 20
  /// What the main thread needs, in bytes.
  private static let leastStack = 512 << 10

  /// Refuses to begin under limits of the system within which not even an error could be told of.
  ///
  /// - Throws: ``ModelZooError/processLimit(name:expectedBytes:foundBytes:)``.
  package static func requireRoomToRun() throws(ModelZooError) {
    let rooms = [
      ("address space", leastAddressSpace, MemoryLimit.addressSpaceLeft),
      ("stack", leastStack, MemoryLimit.stack),
    ]
    for case (let name, let expected, let found?) in rooms where found < expected {
      throw .processLimit(name: name, expectedBytes: expected, foundBytes: found)
    }
  }
}

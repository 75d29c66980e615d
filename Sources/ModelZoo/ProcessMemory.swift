import Kernels

/// What a program of its own does about its memory, and a library in somebody else's program does not.
package enum ProcessMemory {
  /// Where the address space of the process is limited, lets all threads share one heap, so that none of it is put by for
  /// nothing. To be called before there are threads.
  package static func shareHeap() { MemoryLimit.shareHeap() }
}

import CKernels

/// The heap of the C library.
package enum Heap {
  /// Lets all threads share one: glibc takes 64 MiB of the address space for the heap of every thread otherwise, used or not.
  /// To be called before there are threads.
  package static func shareAmongThreads() { kernels_share_heap() }
}

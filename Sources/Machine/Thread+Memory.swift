package import Foundation

extension Thread {
  /// Runs `body` on a thread of its own, or never: where the system refuses one, and where its stack would take what is kept
  /// of a limited address space for all that is too small to be counted.
  ///
  /// - Parameter stackSize: in bytes.
  package static func startWherePossible(stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void) {
    guard MemoryLimit.available >= stackSize else { return }
    let thread = Thread(block: body)
    thread.stackSize = stackSize
    thread.start()
  }
}

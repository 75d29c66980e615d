import Synchronization

/// A value that callbacks keep from hook to hook, and that anybody may look at meanwhile.
///
/// Reading and writing are one step each; hooks are called one after the other, so that what happens in between is
/// nobody's business but theirs.
package final class Locked<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  package init(_ value: Value) { mutex = Mutex(value) }

  package var value: Value {
    get { mutex.withLock { $0 } }
    set { mutex.withLock { $0 = newValue } }
  }

  /// Changes the value in place.
  package func update<Result: Sendable>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    try mutex.withLock { try body(&$0) }
  }
}

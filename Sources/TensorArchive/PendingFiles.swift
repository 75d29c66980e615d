import Synchronization

/// The temporary files of this process that are not in place yet, for a process that is told to stop.
enum PendingFiles {
  private static let paths = Mutex<Set<String>>([])

  static func insert(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  static func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  static var all: [String] { paths.withLock { $0.sorted() } }
}

import Foundation
import Synchronization
import TensorArchive

/// The digests of a file, computed while something else goes on.
final class BackgroundDigests: Sendable {
  private let result = Mutex(Result<FileDigests, ArchiveError>.success(.pending(byteCount: 0)))
  private let done = DispatchSemaphore(value: 0)

  init(of path: String) {
    DispatchQueue.global().async { [self] in
      let digests = Result { () throws(ArchiveError) in try FileDigests(contentsOf: path) }
      result.withLock { $0 = digests }
      done.signal()
    }
  }

  /// The digests, when they are ready; to be called once.
  func wait() throws(ArchiveError) -> FileDigests {
    done.wait()
    return try result.withLock { $0 }.get()
  }
}

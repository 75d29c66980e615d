import Files
import Foundation
import Synchronization
import TensorArchive

/// The digests of a file, computed while something else goes on; given up when nobody waits for them any more.
final class BackgroundDigests: Sendable {
  private let work = Work()

  init(of path: String) {
    DispatchQueue.global().async { [work] in
      let digests = Result { () throws(FileError) in
        try FileDigests(contentsOf: path) { !work.isGivenUp.load(ordering: .relaxed) }
      }
      work.result.withLock { $0 = digests }
      work.done.signal()
    }
  }

  deinit { work.isGivenUp.store(true, ordering: .relaxed) }

  /// The digests, when they are ready.
  func wait() throws(FileError) -> FileDigests {
    work.done.wait()
    // For whoever asks again.
    defer { work.done.signal() }
    return try work.result.withLock { $0 }.get()
  }

  private final class Work: Sendable {
    let result = Mutex(Result<FileDigests, FileError>.success(.pending(byteCount: 0)))
    let done = DispatchSemaphore(value: 0)
    let isGivenUp = Atomic(false)
  }
}

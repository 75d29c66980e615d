import Files
import Machine

/// The digests of a file, computed while something else goes on; given up when nobody waits for them any more.
final class BackgroundDigests: Sendable {
  private let work: BackgroundWork<Result<FileDigests, FileError>>

  init(of contents: FileBytes) {
    work = BackgroundWork { isWanted in
      Result { () throws(FileError) in try FileDigests(of: contents, while: isWanted) }
    }
  }

  /// The digests, when they are ready.
  func wait() throws(FileError) -> FileDigests { try work.wait().get() }
}

internal import Files

/// The bytes of a file as its structures read them: errors say what is wrong where nobody knows yet in which structure.
struct ByteSource: Sendable {
  private let file: FileBytes

  /// The path, or what the bytes are called.
  var name: String { file.name }
  var byteCount: Int { file.byteCount }

  init(_ file: FileBytes) { self.file = file }

  /// A copy of `count` bytes, which must lie inside.
  func bytes(at offset: Int, count: Int) throws(FormatError) -> [UInt8] {
    do throws(FileError) { return try file.bytes(at: offset, count: count) } catch {
      throw FormatError(error)
    }
  }

  /// Fills `target` with the bytes from `offset` on, all of which must lie inside.
  func read(at offset: Int, into target: inout MutableRawSpan) throws(FormatError) {
    do throws(FileError) { try file.read(at: offset, into: &target) } catch { throw FormatError(error) }
  }
}

extension FormatError {
  fileprivate init(_ error: FileError) {
    switch error {
    case .unreadable(let path, let reason): self = .file(.unreadable(path: path, reason: reason))
    case .damaged(_, let reason): self = .damaged(reason)
    default: self = .damaged(error.description)
    }
  }
}

import Foundation
import Tensors

/// A file's bytes, read by the system when they are touched.
///
/// The size is taken when the file is opened. Nothing written by this package ever changes a file in place,
/// but another program can: one that cuts a mapped file short makes the system end this process (`SIGBUS`)
/// at the next touch of what is gone. ``WatchedFile`` tells.
@safe package final class MappedFile: ByteStorage {
  // Never written and unmapped only in `deinit`: safe to share.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  package let byteCount: Int

  /// Opens a regular file; anything else (a folder, a pipe) is refused without waiting for it.
  package convenience init(contentsOf path: String) throws(FileError) {
    do throws(SystemError) {
      let file = try FileDescriptor.readingRegularFile(path)
      try self.init(file, byteCount: Int(try file.status().st_size))
    } catch {
      throw .unreadable(path, error)
    }
  }

  /// Maps the first `byteCount` bytes of an open file, which may be closed then.
  init(_ file: borrowing FileDescriptor, byteCount: Int) throws(SystemError) {
    self.byteCount = byteCount
    unsafe bytes = byteCount == 0 ? .init(start: nil, count: 0) : try file.map(byteCount: byteCount)
  }

  deinit {
    guard let start = unsafe bytes.baseAddress else { return }
    unsafe munmap(UnsafeMutableRawPointer(mutating: start), byteCount)
  }

  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe RawSpan(_unsafeBytes: bytes))
  }

  /// A copy of the first `count` bytes; fewer where there are fewer.
  package func head(_ count: Int) -> [UInt8] { copy(0..<min(max(0, count), byteCount)) }

  /// A copy of some of the bytes.
  package func copy(_ range: Range<Int>) -> [UInt8] {
    withBytes { bytes in
      unsafe bytes.extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
    }
  }

  /// Lets the system have the memory of pages read so far; they are read again when touched.
  package func releasePages() { releasePages(0..<byteCount) }

  /// The same of the pages that lie wholly within `range`.
  package func releasePages(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound == byteCount ? byteCount : range.upperBound / page * page
    guard let start = unsafe bytes.baseAddress, first < end else { return }
    unsafe madvise(UnsafeMutableRawPointer(mutating: start + first), end - first, MADV_DONTNEED)
  }
}

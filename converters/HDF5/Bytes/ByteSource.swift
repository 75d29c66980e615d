internal import Foundation
internal import Tensors

/// The bytes of a file on a disk, or of one in memory.
///
/// A file is read with `pread` and never mapped: what another program cuts short is an error, not a signal that
/// ends the process, and elements go straight into the caller's memory. The length is taken once, at the opening.
struct ByteSource: Sendable {
  private enum Storage: Sendable {
    case file(OpenFile)
    case memory([UInt8])
  }

  /// The path, or what the bytes are called.
  let name: String
  let byteCount: Int
  private let storage: Storage

  init(bytes: [UInt8], name: String) {
    (self.name, byteCount, storage) = (name, bytes.count, .memory(bytes))
  }

  /// Opens a regular file; anything else (a pipe, say) is refused without waiting for it. Nil for a folder.
  init?(path: String) throws(HDF5Error) {
    do throws(SystemError) {
      let file = try OpenFile(path)
      (name, byteCount, storage) = (path, file.byteCount, .file(file))
    } catch {
      guard error.code == EISDIR else { throw .unreadable(path: path, reason: error.reasonForReaders) }
      return nil
    }
  }

  /// A copy of `count` bytes, which must lie inside.
  func bytes(at offset: Int, count: Int) throws(FormatError) -> [UInt8] {
    if case .memory(let bytes) = storage {
      try requireInside(offset, count)
      return Array(bytes[offset..<offset + count])
    }
    return try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized throws(FormatError) in
      try unsafe read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  /// Fills `target` with the bytes from `offset` on, all of which must lie inside.
  func read(at offset: Int, into target: inout MutableRawSpan) throws(FormatError) {
    try unsafe target.withUnsafeMutableBytes { (buffer) throws(FormatError) in
      try unsafe read(at: offset, into: buffer)
    }
  }

  private func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) {
    try requireInside(offset, buffer.count)
    switch storage {
    case .memory(let bytes):
      unsafe bytes.withUnsafeBytes {
        unsafe buffer.copyMemory(from: .init(rebasing: $0[offset..<offset + buffer.count]))
      }
    case .file(let file):
      do throws(SystemError) {
        guard unsafe try file.read(at: offset, into: buffer) else { throw SystemError(code: 0) }
      } catch {
        let reason = error.code == 0 ? "it became shorter while it was read" : error.reasonForReaders
        throw .file(.unreadable(path: name, reason: reason))
      }
    }
  }

  private func requireInside(_ offset: Int, _ count: Int) throws(FormatError) {
    guard offset >= 0, count >= 0, count <= byteCount - offset else {
      throw .damaged("\(count.grouped) bytes at byte \(offset.grouped) lie outside the file")
    }
  }
}

/// A regular file, open for reading; closed when the last owner goes.
@safe private final class OpenFile: Sendable {
  private let descriptor: Int32
  let byteCount: Int

  /// What one call may ask for; some systems refuse 2 GiB and more.
  private static let largestRead = 1 << 30

  init(_ path: String) throws(SystemError) {
    let opened = try retryingInterrupts { unsafe Int(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) }
    descriptor = Int32(opened)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let error = SystemError.last
      close(descriptor)
      throw error
    }
    byteCount = Int(status.st_size)
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      close(descriptor)
      throw SystemError(code: kind == S_IFDIR ? EISDIR : ENODEV)
    }
  }

  deinit { close(descriptor) }

  /// Fills all of `buffer`; false when the file ends before.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Bool {
    var done = 0
    while done < buffer.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try retryingInterrupts {
        unsafe pread(descriptor, rest.baseAddress, min(rest.count, Self.largestRead), off_t(offset + done))
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}

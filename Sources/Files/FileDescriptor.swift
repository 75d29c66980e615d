import Foundation

/// An open file, closed when the value goes away.
struct FileDescriptor: ~Copyable, Sendable {
  private let number: Int32
  /// What one call may ask for; some systems refuse 2 GiB and more.
  private static let largestRead = 1 << 30
  /// What one call is given to write: in a virtual machine with ext4, 280 MB took 0.4 s of CPU time when written 11 MB at a
  /// time, and 0.1 s 1 MB at a time.
  private static let largestWrite = 1 << 20

  /// Opens a file; `mode` counts when one is created, less the process's umask.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o666) throws(SystemError) {
    number = try Self.makingRoom { () throws(SystemError) in try Self.open(path, flags, mode) }
  }

  /// Calls again, where no more files can be open, once those are closed that need not be.
  private static func makingRoom(_ open: () throws(SystemError) -> Int32) throws(SystemError) -> Int32 {
    do throws(SystemError) { return try open() } catch {
      guard error.isTooManyOpen, SharedDescriptors.closeAll() else { throw error }
      return try open()
    }
  }

  private static func open(_ path: String, _ flags: Int32, _ mode: mode_t) throws(SystemError) -> Int32 {
    let opened = try retryingInterrupts {
      unsafe path.withSystemPath { unsafe Int(Foundation.open($0, flags | O_CLOEXEC, mode)) }
    }
    return Int32(opened)
  }

  /// Opens a regular file for reading; anything else (a folder, a pipe) is refused without waiting for it.
  static func readingRegularFile(_ path: String) throws(SystemError) -> FileDescriptor {
    let file = try FileDescriptor(path, O_RDONLY | O_NONBLOCK)
    switch try file.status().st_mode & S_IFMT {
    case S_IFREG: return file
    case S_IFDIR: throw SystemError(code: EISDIR)
    default: throw SystemError(code: ENODEV)
    }
  }

  deinit { close(number) }

  /// Size and kind.
  func status() throws(SystemError) -> stat {
    var status = stat()
    _ = try retryingInterrupts { unsafe Int(fstat(number, &status)) }
    return status
  }

  /// Takes the file's lock for as long as it is open; a process that dies gives it back.
  ///
  /// - Returns: false while another opening of the file, of this process or any, has it.
  /// - Throws: what a file system says that has no locks.
  func lock() throws(SystemError) -> Bool {
    do throws(SystemError) {
      _ = try retryingInterrupts { Int(flock(number, LOCK_EX | LOCK_NB)) }
      return true
    } catch {
      guard error.code == EWOULDBLOCK else { throw error }
      return false
    }
  }

  /// Whether `path` itself is the open file.
  func isFile(at path: String) throws(SystemError) -> Bool {
    let own = try status()
    var other = stat()
    guard unsafe path.withSystemPath({ unsafe lstat($0, &other) }) == 0 else { return false }
    return own.st_dev == other.st_dev && own.st_ino == other.st_ino
  }

  /// Writes all of `bytes` at the file's position, or at `offset`, in as many calls as it takes.
  func write(_ bytes: RawSpan, at offset: Int? = nil) throws(SystemError) {
    var done = 0
    while done < bytes.byteCount {
      let rest = bytes.extracting(done..<min(bytes.byteCount, done + Self.largestWrite))
      done += try retryingInterrupts {
        unsafe rest.withUnsafeBytes { buffer in
          guard let offset else { return unsafe Foundation.write(number, buffer.baseAddress, buffer.count) }
          return unsafe pwrite(number, buffer.baseAddress, buffer.count, off_t(offset + done))
        }
      }
    }
  }

  /// Reads at `offset` into `target`; returns how many bytes came, 0 at the end of the file.
  func read(into target: inout [UInt8], at offset: Int) throws(SystemError) -> Int {
    try retryingInterrupts {
      unsafe target.withUnsafeMutableBytes {
        unsafe pread(number, $0.baseAddress, $0.count, off_t(offset))
      }
    }
  }

  /// Fills `target` from `offset` on.
  ///
  /// - Returns: false where the file ends before.
  func fill(_ target: inout MutableRawSpan, at offset: Int) throws(SystemError) -> Bool {
    var done = 0
    while done < target.byteCount {
      let count = try retryingInterrupts {
        unsafe target.withUnsafeMutableBytes {
          let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: $0[done...])
          let most = min(rest.count, Self.largestRead)
          return unsafe pread(number, rest.baseAddress, most, off_t(offset + done))
        }
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Makes the file `count` bytes long.
  func truncate(to count: Int) throws(SystemError) {
    _ = try retryingInterrupts { Int(ftruncate(number, off_t(count))) }
  }

  /// Asks for the bytes of `range` to be put on the disk soon, without waiting: then `synchronize` has less to
  /// wait for. A hint, and one that Linux alone understands: what was just written and will not be needed soon
  /// is what its disks take up at once.
  func startWriting(_ range: Range<Int>) {
    #if canImport(Glibc)
      posix_fadvise(number, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_DONTNEED)
    #endif
  }

  /// Returns when the bytes are on the disk, not merely on their way.
  func synchronize() throws(SystemError) {
    #if canImport(Darwin)
      if fcntl(number, F_FULLFSYNC) == 0 { return }
    #endif
    _ = try retryingInterrupts { Int(fsync(number)) }
  }
}

/// How many files this process may have open.
package enum OpenFileLimit {
  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    private static let most: rlim_t = 65_536
  #else
    private static let resource = RLIMIT_NOFILE
    private static let most: rlim_t = 10_240
  #endif

  /// How many that are.
  static var current: Int {
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return 256 }
    return Int(clamping: limit.rlim_cur)
  }

  /// Raises it to what the system allows, for a program of its own.
  package static func raise() {
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return }
    let wanted = min(limit.rlim_max, most)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    _ = unsafe setrlimit(resource, &limit)
  }
}

/// Reads what an open file or a pipe has next and appends it; returns how many bytes that is, 0 at the end.
///
/// - Parameter count: the most bytes to read.
/// - Throws: `SystemError`, with `bytes` as they were.
package func readNext(
  from descriptor: Int32, atMost count: Int, into bytes: inout [UInt8]
) throws(SystemError) -> Int {
  let start = bytes.count
  bytes += [UInt8](repeating: 0, count: count)
  var read = 0
  defer { bytes.removeLast(count - read) }
  read = try retryingInterrupts {
    unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe Foundation.read(descriptor, bytes.baseAddress?.advanced(by: start), count)
    }
  }
  return read
}

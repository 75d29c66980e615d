import Foundation
import Reports
import Synchronization

/// Where text goes: a standard stream, or a test's memory.
package protocol TextSink: Sendable {
  /// Appends text as it is.
  func write(_ text: String)

  /// Whether a person is watching.
  var isTerminal: Bool { get }

  /// The columns of the terminal, when there is one and it tells.
  var columns: Int? { get }

  /// Whether the reader has gone, as `head` does; what is written from then on is dropped.
  var isGone: Bool { get }

  /// Why writing failed for another reason than a reader who left: a full disk.
  var failure: String? { get }
}

/// Standard output or standard error.
///
/// A reader that leaves early is no error: the work continues, the rest of the text is dropped.
final class StandardStream: TextSink {
  static let output = StandardStream(descriptor: 1)
  static let errors = StandardStream(descriptor: 2)

  private struct State {
    var isGone = false
    var failure: String?
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  private init(descriptor: Int32) { self.descriptor = descriptor }

  /// Makes writing to a closed pipe, or more than the system allows, an error to be read instead of a signal that
  /// kills.
  static func takeErrorsForSignals() {
    for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
  }

  /// Gives the numbers of standard streams that the caller closed to a device that takes and gives nothing, so that no file
  /// opened later gets one of them, and with it what is printed. Printing fails as it would have.
  static func occupyClosedNumbers() {
    for number in Int32(0)...2 where fcntl(number, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// The words of the command line as they are, names that are not UTF-8 included.
  static var words: [String] {
    let count = Int(CommandLine.argc)
    return (0..<count).compactMap { index in
      guard let word = unsafe CommandLine.unsafeArgv[index] else { return nil }
      return unsafe FileName.text(of: UnsafeRawBufferPointer(start: word, count: strlen(word)).map { $0 })
    }
  }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  var isGone: Bool { state.withLock(\.isGone) }

  var failure: String? { state.withLock(\.failure) }

  func write(_ text: String) {
    state.withLock { state in
      guard !state.isGone, state.failure == nil else { return }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes {
          unsafe Foundation.write(descriptor, $0.baseAddress, $0.count)
        }
        if count >= 0 {
          bytes = bytes.dropFirst(count)
        } else if errno == EPIPE {
          state.isGone = true
          return
        } else if errno != EINTR {
          state.failure = unsafe String(cString: strerror(errno))
          return
        }
      }
    }
  }
}

import Foundation
import ModelZoo
import Synchronization

/// Being told to stop: by the keyboard, by a closed terminal, by `kill`.
enum Interruptions {
  /// Runs `body` before the process ends by such a signal; it still ends by it, as its caller expects.
  ///
  /// A signal the caller had ignored (`nohup`) stays ignored. Where the system refuses a thread to listen on, signals
  /// end the process at once.
  static func cleanUp(_ body: @escaping @Sendable () -> Void) {
    let numbers = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }
    let thread = Thread {
      guard wire.isOpen else { return }
      for number in numbers { _ = signal(number) { Interruptions.wire.send($0) } }
      var noted: ContinuousClock.Instant?
      while let number = wire.receive() {
        // Whoever signals a process and its group, as `timeout` does, sends one signal twice.
        if let noted, noted.duration(to: .now) < .milliseconds(100) { continue }
        if takesNote() {
          noted = .now
          continue
        }
        body()
        die(of: number)
      }
    }
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// From a signal's handler, which may do next to nothing, to the thread that does the rest.
  private struct Wire: Sendable {
    private let ends: (read: Int32, write: Int32)

    init() {
      var ends: [Int32] = [-1, -1]
      if unsafe pipe(&ends) != 0 { ends = [-1, -1] }
      for end in ends where end >= 0 { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      self.ends = (ends[0], ends[1])
    }

    var isOpen: Bool { ends.write >= 0 }

    func send(_ number: Int32) {
      let error = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = unsafe write(ends.write, &byte, 1)
      errno = error
    }

    func receive() -> Int32? {
      var byte: UInt8 = 0
      while true {
        let count = unsafe read(ends.read, &byte, 1)
        if count == 1 { return Int32(byte) }
        guard count < 0, errno == EINTR else { return nil }
      }
    }
  }

  private static let wire = Wire()

  private static let deferral = Mutex<(@Sendable () -> Void)?>(nil)

  /// Lets the first signal only call `stop`, until ``endDeferral()``; the second one ends the process.
  static func beginDeferral(_ stop: @escaping @Sendable () -> Void) { deferral.withLock { $0 = stop } }

  /// Lets every signal end the process again.
  static func endDeferral() { deferral.withLock { $0 = nil } }

  private static func takesNote() -> Bool {
    let stop = deferral.withLock { deferral in
      defer { deferral = nil }
      return deferral
    }
    stop?()
    return stop != nil
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    let before = signal(number, SIG_DFL)
    let isIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    if isIgnored { _ = signal(number, SIG_IGN) }
    return isIgnored
  }

  /// Ends the process by the signal itself, so that a shell sees what it sees of every program.
  private static func die(of number: Int32) {
    _ = signal(number, SIG_DFL)
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
  }
}

/// Work that was told to stop, and saved what it had done.
struct Interruption: Error, CustomStringConvertible {
  /// What was saved, and how to go on.
  let description: String
}

extension Interruption {
  /// Work of which the features are kept.
  init(keptIn cache: FeatureCache) {
    self.init(
      description: "interrupted; what was computed is in \(cache.folder), and the same command goes on there")
  }
}

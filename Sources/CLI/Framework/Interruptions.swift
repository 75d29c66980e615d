import Dispatch
import Foundation
import Synchronization

/// Being told to stop: by the keyboard, by a closed terminal, by `kill`.
enum Interruptions {
  /// Runs `body` before the process ends by such a signal; it still ends by it, as its caller expects.
  ///
  /// A signal the caller had ignored (`nohup`) stays ignored.
  ///
  /// - Returns: what listens, for as long as it is kept.
  static func cleanUp(_ body: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }.map { number in
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue(label: "signals"))
      source.setEventHandler {
        if takesNote() { return }
        body()
        die(of: number)
      }
      source.activate()
      return source
    }
  }

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

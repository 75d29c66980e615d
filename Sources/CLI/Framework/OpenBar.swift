import Synchronization

/// The one terminal line that a bar is drawn on: whatever else is printed takes its place, and the bar comes
/// back below when it is drawn the next time.
final class OpenBar: Sendable {
  private let isOpen = Mutex(false)
  private let results = Mutex(false)

  private static let lineStart = "\r"
  private static let eraseToEnd = "\u{1B}[K"

  /// Draws the bar over itself; after the last time the line is left to it.
  func draw(_ line: String, isLast: Bool, on sink: any TextSink) {
    isOpen.withLock { isOpen in
      sink.write(Self.lineStart + line + Self.eraseToEnd + (isLast ? "\n" : ""))
      isOpen = !isLast
    }
  }

  /// Whether a result's last line has no end yet, as a bar that is still drawn.
  var isAfterLineStart: Bool {
    get { results.withLock(\.self) }
    set { results.withLock { $0 = newValue } }
  }

  /// Makes room for other text.
  func clear(on sink: any TextSink) {
    isOpen.withLock { isOpen in
      if isOpen { sink.write(Self.lineStart + Self.eraseToEnd) }
      isOpen = false
    }
  }
}

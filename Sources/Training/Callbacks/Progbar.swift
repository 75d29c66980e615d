import Foundation

/// One epoch's text as Keras 3's `Progbar` writes it: a bar that is drawn over and over, or a line at the end.
///
/// Pure: it is told the time, in seconds from anywhere.
struct Progbar {
  private static let width = 20
  /// A bar is drawn again after so many seconds.
  private static let interval = 0.05

  private let steps: Int
  private let start: Double
  private let surface: EpochPrinter.Surface
  private var firstStepEnd: Double?
  private var lastDrawn: Double?
  private var drawnColumns = 0

  init(steps: Int, start: Double, surface: EpochPrinter.Surface = .keras) {
    self.steps = steps
    self.start = start
    self.surface = surface
  }

  /// The whole epoch as a line, as with `verbose=2`.
  func line(_ logs: Logs, now: Double) -> String {
    let measured = logs.entries.map { " - \($0.name): \(Self.number($0.value))" }.joined()
    return "\(steps)/\(steps) - \(Self.rounded(now - start))s - \(duration(of: steps, now))\(measured)\n"
  }

  /// The bar after `step` steps, as with `verbose=1`, with the control characters that put it in the place of the
  /// one before; nil where that was drawn just now.
  mutating func bar(_ step: Int, _ logs: Logs, now: Double, isLast: Bool = false) -> String? {
    let duration = duration(of: step, now)
    let left = durationOfOne(step, now) * Double(steps - step)
    if step == 1 { firstStepEnd = now }
    if let lastDrawn, now - lastDrawn < Self.interval, !isLast { return nil }
    if surface == .log, !isLast { return nil }
    lastDrawn = now
    let count = String(repeating: " ", count: max(0, "\(steps)".count - "\(step)".count)) + "\(step)/\(steps)"
    let time = isLast ? "\(Self.rounded(now - start))s" : Self.remaining(left)
    let rest =
      " \(duration)" + logs.entries.map { " - \($0.name): \(Self.number($0.value))" }.joined()
    let columns = count.count + 1 + Self.width + 1 + time.count + rest.count
    let text =
      "\(bold(count)) \(track(step)) \(bold(time))\(rest)"
      + String(repeating: " ", count: max(0, drawnColumns - columns)) + (isLast ? "\n" : "")
    if surface == .log { return text }
    defer { drawnColumns = columns }
    return String(repeating: "\u{8}", count: drawnColumns) + "\r" + text
  }

  private func track(_ step: Int) -> String {
    let done = Int(Double(Self.width) * (Double(step) / Double(steps)))
    let bar = { (count: Int) in String(repeating: "━", count: max(0, count)) }
    guard surface == .keras else {
      return bar(done) + String(repeating: "╌", count: max(0, Self.width - done))
    }
    let front = done > 0 ? "\u{1B}[32m\(bar(done))\u{1B}[0m" : ""
    return front + "\u{1B}[37m\(bar(Self.width - done))\u{1B}[0m"
  }

  /// The seconds of a step, without the first one where there are others: it takes longer.
  private func durationOfOne(_ step: Int, _ now: Double) -> Double {
    guard let firstStepEnd, step > 1 else { return (now - start) / Double(max(1, step)) }
    return (now - firstStepEnd) / Double(step - 1)
  }

  private func duration(of step: Int, _ now: Double) -> String {
    let seconds = durationOfOne(step, now)
    if seconds >= 1 || seconds == 0 { return "\(Self.rounded(seconds))s/step" }
    return seconds >= 1e-3
      ? "\(Self.rounded(seconds * 1000))ms/step" : "\(Self.rounded(seconds * 1_000_000))us/step"
  }

  private static func remaining(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)))
    let (hours, minutes, rest) = (whole / 3600, whole % 3600 / 60, whole % 60)
    if seconds > 3600 { return String(format: "%d:%02d:%02d", hours, minutes, rest) }
    return seconds > 60 ? String(format: "%d:%02d", whole / 60, rest) : "\(whole)s"
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.0f", value) }

  private func bold(_ text: String) -> String { surface == .keras ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// Four decimals of a number, or, up to a thousandth, of what precedes its exponent; in single precision, which
  /// is Keras's.
  static func number(_ value: Double) -> String {
    let single = Double(Float(value))
    return single.isNaN ? "nan" : String(format: single > 1e-3 ? "%.4f" : "%.4e", single)
  }
}

import Encoding
import Foundation

/// Turns numbers of a range into places, with round numbers as ticks.
struct Scale: Hashable, Sendable {
  let lower: Double
  let upper: Double
  /// Round numbers from `lower` to `upper`, ascending.
  let ticks: [Double]
  /// Nil for as many as each tick needs.
  private let decimals: Int?
  private let isLogarithmic: Bool

  /// A scale over finite `values`, widened to round numbers.
  ///
  /// - Parameters:
  ///   - tickCount: about how many ticks.
  ///   - wholeNumbers: whether ticks between whole numbers make no sense.
  ///   - isTight: whether the scale ends at the values, not at the ticks beyond them.
  init(_ values: [Double], tickCount: Int, wholeNumbers: Bool = false, isTight: Bool = false) {
    let finite = values.filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if high - low <= abs(high) * 1e-9 {
      let room = low == 0 || wholeNumbers ? 1 : abs(low) * 0.1
      (low, high) = (low - room, high + room)
    }
    var step = Self.roundStep((high - low) / Double(max(1, tickCount)))
    if wholeNumbers { step = max(1, step.rounded()) }
    let first = isTight ? (low / step).rounded(.up) : (low / step).rounded(.down)
    let last = isTight ? (high / step).rounded(.down) : (high / step).rounded(.up)
    let count = last >= first ? Int(min(last - first, 100)) + 1 : 0
    ticks = (0..<count).map { (first + Double($0)) * step }
    lower = isTight ? low : first * step
    upper = isTight ? high : last * step
    decimals = min(12, max(0, Int((-log10(step) - 1e-9).rounded(.up))))
    isLogarithmic = false
  }

  /// A scale over `values` above 0 on which equal factors are equally far apart, with some room beyond them.
  init(logarithmic values: [Double]) {
    let finite = values.filter { $0.isFinite && $0 > 0 }
    let (low, high) = ((finite.min() ?? 1) / 1.5, (finite.max() ?? 1) * 1.5)
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let steps = high / low > 1000 ? [1.0] : [1.0, 2, 5]
    ticks = powers.flatMap { power in steps.map { $0 * pow(10, Double(power)) } }.filter { low...high ~= $0 }
    (lower, upper, isLogarithmic) = (low, high, true)
    decimals = nil
  }

  /// 1, 2 or 5 times a power of ten, at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let factor = [1.0, 2, 5, 10].first { $0 * power >= step * 0.999999 } ?? 10
    return factor * power
  }

  /// Where `value` lies between `start`, for the lower end, and `end`.
  func place(_ value: Double, from start: Double, to end: Double) -> Double {
    let share =
      isLogarithmic ? log(value / lower) / log(upper / lower) : (value - lower) / (upper - lower)
    return start + share * (end - start)
  }

  /// A tick as it is written: `0.05`, `1200`, `4e-05`.
  func label(_ tick: Double) -> String {
    if tick == 0 { return "0" }
    guard let decimals, decimals <= 5, abs(tick) < 1e6 else { return String(format: "%g", tick) }
    return fixed(tick, decimals: decimals)
  }
}

/// The columns `text` needs in a proportional face, roughly, in pixels.
func textWidth(_ text: String, size: Double) -> Double { Double(displayWidth(of: text)) * size * 0.6 }

/// `text`, with an ellipsis in its middle where it does not fit: names often differ at their ends.
func fitting(_ text: String, width: Double, size: Double) -> String {
  guard textWidth(text, size: size) > width else { return text }
  var (start, end) = (text[...], text[...])
  start.removeLast(text.count / 2)
  end.removeFirst(text.count - text.count / 2)
  var shortened: String { "\(start)…\(end)" }
  while !start.isEmpty, textWidth(shortened, size: size) > width {
    if start.count > end.count { start.removeLast() } else { end.removeFirst() }
  }
  return shortened
}

import Encoding

/// How far a job is, as one line in the manner of Keras:
///
///     120/808 [===>..........................] - ETA: 11s - 65.3 images/s
///     808/808 [==============================] - 12s 15ms/image - 65.3 images/s
///
/// Pure: the same numbers make the same text. Who measures time and who draws is somebody else's concern.
package struct ProgressBar: Sendable {
  /// What is counted: `image`, `step`, `tensor`; a `byte` is shown in the units of memory sizes.
  package let unit: String
  /// How many there will be; nil when nobody knows.
  package let total: Int?
  /// The columns between the brackets.
  package let width: Int

  package init(total: Int?, unit: String, width: Int = 30) {
    self.total = total
    self.unit = unit
    self.width = width
  }

  /// The line after `done` units in `seconds`; `details` go last (`loss: 0.1250`, `accuracy: 0.9500`).
  package func line(done: Int, seconds: Double, details: [String] = []) -> String {
    let isFinished = done == total
    let spent = "\(fixed(seconds, decimals: 0))s" + (isBytes ? "" : " \(pace(done, seconds))")
    let time = isFinished ? spent : remaining(done, seconds)
    let parts = [counter(done) + bar(done), time, rate(done, seconds)] + details
    return parts.filter { !$0.isEmpty }.joined(separator: " - ")
  }

  /// The line without the bar, for a log.
  package func plainLine(done: Int, seconds: Double, details: [String] = []) -> String {
    let amount = { (count: Int) in isBytes ? memorySize(count) : counted(count, unit) }
    let count = total.map { "\(isBytes ? memorySize(done) : done.grouped) of \(amount($0))" } ?? amount(done)
    let parts = [count, done == total ? duration(seconds) : remaining(done, seconds), rate(done, seconds)]
    return (parts + details).filter { !$0.isEmpty }.joined(separator: " - ")
  }

  private var isBytes: Bool { unit == "byte" }

  private func counter(_ done: Int) -> String {
    if isBytes { return "\(memorySize(done))/\(total.map { memorySize($0) } ?? "Unknown")" }
    guard let total else { return "\(done)/Unknown" }
    let fill = String(repeating: " ", count: max(0, String(total).count - String(done).count))
    return "\(fill)\(done)/\(total)"
  }

  private func bar(_ done: Int) -> String {
    guard let total else { return "" }
    let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 1
    let filled = Int(Double(width) * share)
    let tip = filled == 0 ? "" : done < total ? ">" : "="
    let head = String(repeating: "=", count: max(0, filled - 1)) + tip
    return " [\(head)\(String(repeating: ".", count: width - filled))]"
  }

  private func remaining(_ done: Int, _ seconds: Double) -> String {
    guard let total, done > 0, done < total else { return "" }
    return "ETA: \(duration(seconds / Double(done) * Double(total - done)))"
  }

  private func rate(_ done: Int, _ seconds: Double) -> String {
    guard done > 0, seconds > 0 else { return "" }
    let perSecond = Double(done) / seconds
    if isBytes { return "\(memorySize(Int(min(perSecond, 1e15))))/s" }
    return "\(fixed(perSecond, decimals: perSecond < 100 ? 1 : 0)) \(unit)s/s"
  }

  /// `2s/image`, `15ms/image`, `40us/image`.
  private func pace(_ done: Int, _ seconds: Double) -> String {
    let each = done > 0 ? seconds / Double(done) : 0
    if each >= 1 || each == 0 { return "\(fixed(each, decimals: 0))s/\(unit)" }
    if each >= 1e-3 { return "\(fixed(each * 1e3, decimals: 0))ms/\(unit)" }
    return "\(fixed(each * 1e6, decimals: 0))us/\(unit)"
  }
}

/// A time span as Keras prints it: `42s`, `1:05`, `2:00:09`.
package func duration(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds, 0), 1e9))
  let (minutes, rest) = (whole / 60, whole % 60)
  let padded = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
  if whole > 3600 { return "\(minutes / 60):\(padded(minutes % 60)):\(padded(rest))" }
  return whole > 60 ? "\(minutes):\(padded(rest))" : "\(whole)s"
}

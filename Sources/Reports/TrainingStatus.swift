import Encoding

/// How a training stands, as one line for a terminal:
///
///     Epoch 13/40 [=====>..............] 14/21 - 2104 steps/s - ETA: 3s - loss: 0.0890 █▆▄▃▂▁▁ val_loss: 0.1766 █▅▃▃▂▂▂
///
/// Pure: the same numbers make the same text.
package struct TrainingStatus: Sendable {
  /// Epochs in all.
  package var epochs: Int
  /// Steps in an epoch.
  package var stepsPerEpoch: Int
  /// The epoch at hand, from 1.
  package var epoch = 1
  /// Its steps that are done.
  package var step = 0
  /// Steps done since the clock was started, in all epochs.
  package var stepsDone = 0
  /// What every epoch measured, the one at hand included.
  package var losses: [Double] = []
  /// The same of the validation.
  package var validationLosses: [Double] = []

  package init(epochs: Int, stepsPerEpoch: Int) {
    self.epochs = epochs
    self.stepsPerEpoch = stepsPerEpoch
  }

  private enum Part: CaseIterable { case bar, rate, validation, curve, time, loss }

  /// The line after `seconds`, in at most `columns` columns: what matters least is left out first.
  package func line(seconds: Double, columns: Int) -> String {
    var parts = Part.allCases[...]
    while true {
      let line = text(Set(parts), seconds)
      if displayWidth(of: line) <= columns || parts.isEmpty { return String(line.prefix(columns)) }
      parts = parts.dropFirst()
    }
  }

  private func text(_ parts: Set<Part>, _ seconds: Double) -> String {
    let fill = String(repeating: " ", count: max(0, "\(stepsPerEpoch)".count - "\(step)".count))
    let head = "Epoch \(epoch)/\(epochs)" + (parts.contains(.bar) ? " [\(bar)] " : " ")
    var texts = ["\(head)\(fill)\(step)/\(stepsPerEpoch)"]
    if parts.contains(.rate) { texts.append(rate(seconds)) }
    if parts.contains(.time) { texts.append(remaining(seconds)) }
    let curves = [
      parts.contains(.loss) ? curve("loss", losses, isDrawn: parts.contains(.curve)) : "",
      parts.contains(.validation) ? curve("val_loss", validationLosses, isDrawn: true) : "",
    ]
    texts.append(curves.filter { !$0.isEmpty }.joined(separator: " "))
    return texts.filter { !$0.isEmpty }.joined(separator: " - ")
  }

  /// The share of all steps of all epochs that is done.
  private var share: Double {
    let done = Double(epoch - 1) + Double(step) / Double(max(1, stepsPerEpoch))
    return min(1, max(0, done / Double(max(1, epochs))))
  }

  private var bar: String {
    let width = 20
    let filled = Int(share * Double(width))
    let tip = filled == 0 ? "" : filled < width ? ">" : "="
    return String(repeating: "=", count: max(0, filled - 1)) + tip
      + String(repeating: ".", count: width - filled)
  }

  private func rate(_ seconds: Double) -> String {
    guard stepsDone > 0, seconds > 0 else { return "" }
    let perSecond = Double(stepsDone) / seconds
    return "\(fixed(perSecond, decimals: perSecond < 100 ? 1 : 0)) steps/s"
  }

  /// Validation and all else takes its part of the time of every step.
  private func remaining(_ seconds: Double) -> String {
    let left = (epochs - epoch + 1) * stepsPerEpoch - step
    guard stepsDone > 0, left > 0 else { return "" }
    return "ETA: \(duration(seconds / Double(stepsDone) * Double(left)))"
  }

  private func curve(_ name: String, _ values: [Double], isDrawn: Bool) -> String {
    guard let last = values.last else { return "" }
    return "\(name): \(metric(last))" + (isDrawn ? " \(sparkline(values, width: 12))" : "")
  }
}

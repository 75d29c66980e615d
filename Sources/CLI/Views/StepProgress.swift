import ModelZoo

/// Shows how far the steps of a job are, one after the other.
final class StepProgress: Sendable {
  private struct Shown {
    var title: String
    var bar: Progress
    var done = 0
  }

  private let console: Console
  private let shown = Locked<Shown?>(nil)

  init(_ console: Console) { self.console = console }

  /// Shows that so many units of all are done of what `title` says.
  func show(_ title: String, _ done: Int, of total: Int, _ unit: String) {
    shown.update { shown in
      var current =
        shown.flatMap { $0.title == title ? $0 : nil }
        ?? Shown(title: title, bar: console.progress(title, total: total, unit: unit))
      current.bar.advance(by: done - current.done)
      current.done = done
      shown = current
    }
  }
}

import ModelZoo
import Reports

/// Shows how far the steps of an audit are, one after the other.
final class AuditProgress: Sendable {
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

/// Prints the gravest findings of an audit, and says how many there are.
struct AuditView {
  /// Findings of each kind.
  private static let most = 10

  private let audit: DatasetAudit

  init(_ audit: DatasetAudit) { self.audit = audit }

  func show(on console: Console) {
    show(audit.copySentence, DatasetAudit.copyColumns, audit.copyRows, console)
    console.print()
    show(audit.disputeSentence, DatasetAudit.disputeColumns, audit.disputeRows, console)
    console.print()
    show(audit.strangerSentence, DatasetAudit.strangerColumns, audit.strangerRows, console)
  }

  private func show(
    _ sentence: String, _ columns: [Table.Column], _ rows: [[String]], _ console: Console
  ) {
    console.print(sentence)
    guard !rows.isEmpty else { return }
    var table = Table(columns)
    for row in rows.prefix(Self.most) { table.append(row) }
    console.print(table)
    if rows.count > Self.most { console.print("... and \((rows.count - Self.most).grouped) more") }
  }
}

import ModelZoo
import Reports

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

/// A plain table: aligned columns two blanks apart, a rule of dashes under the headings.
package struct Table: Sendable {
  /// Which edge of its column a cell keeps to.
  package enum Alignment: Sendable { case leading, trailing }

  /// One column: its heading and its alignment.
  package struct Column: Sendable {
    package let heading: String
    package let alignment: Alignment

    package init(_ heading: String, _ alignment: Alignment = .leading) {
      self.heading = heading
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row. Missing cells are empty, superfluous ones are left out; line breaks become blanks.
  package mutating func append(_ cells: [String]) {
    let empty = [String](repeating: "", count: max(0, columns.count - cells.count))
    let row = cells.prefix(columns.count) + empty
    rows.append(row.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") })
  }

  /// The lines of the table, without blanks at their ends; no headings when all of them are empty.
  ///
  /// `style` makes the headings bold where that is possible.
  package func lines(style: TerminalStyle = TerminalStyle(isEnabled: false)) -> [String] {
    let headings = columns.map(\.heading)
    let hasHeadings = headings.contains { !$0.isEmpty }
    let widths = columns.indices.map { column in
      (rows.map { $0[column] } + [headings[column]]).map(displayWidth).max() ?? 0
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    let head = hasHeadings ? [style.apply(.bold, to: line(headings, widths)), line(rule, widths)] : []
    return head + rows.map { line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      let fill = String(repeating: " ", count: max(0, widths[column] - displayWidth(of: cells[column])))
      return columns[column].alignment == .leading ? cells[column] + fill : fill + cells[column]
    }
    return trimmingTrailingBlanks(padded.joined(separator: "  "))
  }
}

/// `text` without the blanks at its end.
func trimmingTrailingBlanks(_ text: String) -> String {
  String(text.reversed().drop { $0 == " " }.reversed())
}

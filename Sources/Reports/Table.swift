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
  /// The columns that cells without a row need.
  private var room: [Int]

  package init(_ columns: [Column]) {
    self.columns = columns
    room = columns.map { displayWidth(of: $0.heading) }
  }

  /// Makes the columns as wide as a row of `cells` needs: lines can then be printed before all rows are known.
  package mutating func makeRoom(for cells: [String]) {
    for (column, cell) in cells.prefix(columns.count).enumerated() {
      room[column] = max(room[column], displayWidth(of: Self.onOneLine(cell)))
    }
  }

  /// Adds a row. Missing cells are empty, superfluous ones are left out; line breaks become blanks.
  package mutating func append(_ cells: [String]) {
    let empty = [String](repeating: "", count: max(0, columns.count - cells.count))
    let row = cells.prefix(columns.count) + empty
    rows.append(row.map(Self.onOneLine))
  }

  private static func onOneLine(_ cell: String) -> String {
    cell.split(whereSeparator: \.isNewline).joined(separator: " ").printable
  }

  /// The lines of the table, without blanks at their ends; no headings when all of them are empty.
  package var lines: [String] { styledLines.map(\.plain) }

  /// The same, with bold headings.
  package var styledLines: [StyledText] {
    let headings = columns.map(\.heading)
    let hasHeadings = headings.contains { !$0.isEmpty }
    let widths = columns.indices.map { column in
      rows.reduce(room[column]) { max($0, displayWidth(of: $1[column])) }
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    let head = hasHeadings ? [StyledText(line(headings, widths), .bold), StyledText(line(rule, widths))] : []
    return head + rows.map { StyledText(line($0, widths)) }
  }

  /// The line of a row that is not kept, in the room there is; missing cells are empty.
  package func line(_ cells: [String]) -> String {
    var row = self
    row.rows = []
    row.append(cells)
    return line(row.rows[0], room)
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

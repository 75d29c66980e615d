/// A plain table: aligned columns two blanks apart, a rule of dashes under the headings.
package struct Table: Sendable {
  /// Which edge of its column a cell keeps to.
  package enum Alignment: Sendable { case leading, trailing }

  /// One column: its heading and its alignment.
  package struct Column: Sendable {
    package let heading: String
    package let alignment: Alignment

    package init(_ heading: String, _ alignment: Alignment = .leading) {
      self.heading = heading.printable
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  /// The columns that cells without a row need.
  private var room: [Int]
  /// What cells are cut to, where the table has to fit.
  private var limits: [Int]

  package init(_ columns: [Column]) {
    self.columns = columns
    room = columns.map { displayWidth(of: $0.heading) }
    limits = columns.map { _ in .max }
  }

  /// Makes the columns as wide as a row of `cells` needs: lines can then be printed before all rows are known.
  package mutating func makeRoom(for cells: [String]) {
    for (column, cell) in cells.prefix(columns.count).enumerated() {
      room[column] = max(room[column], displayWidth(of: cell.printable))
    }
  }

  /// Adds a row. Missing cells are empty, superfluous ones are left out; line ends, which would begin a row of their own, stand as
  /// `\u{A}`.
  package mutating func append(_ cells: [String]) {
    let empty = [String](repeating: "", count: max(0, columns.count - cells.count))
    let row = cells.prefix(columns.count) + empty
    rows.append(row.map(\.printable))
  }

  /// The table in at most `width` columns: the widest texts are cut in the middle, down to a dozen columns; numbers, and whatever
  /// else keeps to the right edge, are not cut. Nil is no limit.
  package func fitting(_ width: Int?) -> Table {
    guard let width else { return self }
    var table = self
    var widths = naturalWidths
    let gaps = 2 * max(0, columns.count - 1)
    while widths.reduce(gaps, +) > width {
      let candidates = columns.indices.filter { columns[$0].alignment == .leading && widths[$0] > Self.least }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      table.limits[widest] = widths[widest]
    }
    return table
  }

  /// What is left of a text can still be told from others.
  private static let least = 12

  private var naturalWidths: [Int] {
    columns.indices.map { column in rows.reduce(room[column]) { max($0, displayWidth(of: $1[column])) } }
  }

  /// The lines of the table, without blanks at their ends; no headings when all of them are empty.
  package var lines: [String] { styledLines.map(\.plain) }

  /// The same, with bold headings.
  package var styledLines: [StyledText] {
    let headings = columns.map(\.heading)
    let hasHeadings = headings.contains { !$0.isEmpty }
    let widths = zip(naturalWidths, limits).map { min($0, $1) }
    let rule = widths.map { String(repeating: "-", count: $0) }
    let head = hasHeadings ? [StyledText(line(headings, widths), .bold), StyledText(line(rule, widths))] : []
    return head + rows.map { StyledText(line($0, widths)) }
  }

  /// The line of a row that is not kept, in the room there is; missing cells are empty.
  package func line(_ cells: [String]) -> String {
    var row = self
    row.rows = []
    row.append(cells)
    return line(row.rows[0], zip(room, limits).map { min($0, $1) })
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      let cell = cuttingMiddle(of: cells[column], to: limits[column])
      let fill = String(repeating: " ", count: max(0, widths[column] - displayWidth(of: cell)))
      return columns[column].alignment == .leading ? cell + fill : fill + cell
    }
    return trimmingTrailingBlanks(padded.joined(separator: "  "))
  }
}

/// `text` in at most `width` columns, without its middle where it has more: the beginning and the end of a path tell most.
func cuttingMiddle(of text: String, to width: Int) -> String {
  guard displayWidth(of: text) > width else { return text }
  func taken(from characters: some Sequence<Character>, room: Int) -> (text: [Character], left: Int) {
    var (taken, left) = ([Character](), room)
    for character in characters {
      let columns = displayWidth(of: String(character))
      guard columns <= left else { break }
      taken.append(character)
      left -= columns
    }
    return (taken, left)
  }
  let room = max(0, width - 1)
  let back = taken(from: text.reversed(), room: (room + 1) / 2)
  let front = taken(from: text, room: room / 2 + back.left)
  return String(front.text) + "…" + String(back.text.reversed())
}

extension String {
  /// The text without the middle of every name in it that is longer than a file's can be, 255 bytes: no path loses anything.
  package var cuttingLongNames: String {
    guard utf8.count > 255 else { return self }
    func isGap(_ character: Character) -> Bool { character.isWhitespace || character == "/" }
    var (result, rest) = ("", self[...])
    while !rest.isEmpty {
      let name = rest.prefix { !isGap($0) }
      result += name.utf8.count > 255 ? cuttingMiddle(of: String(name), to: 60) : String(name)
      let gap = rest[name.endIndex...].prefix(while: isGap)
      result += gap
      rest = rest[gap.endIndex...]
    }
    return result
  }
}

/// `text` without the blanks at its end.
func trimmingTrailingBlanks(_ text: String) -> String {
  String(text.reversed().drop { $0 == " " }.reversed())
}

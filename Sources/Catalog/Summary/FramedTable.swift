/// A table with a heavy head and a line between rows, as the Python library rich lays it out when the columns'
/// widths are asked for.
struct FramedTable {
  /// The whole table's width, frame included.
  var width: Int
  /// The widths asked for; frame and padding are taken off them in turn.
  var columnWidths: [Int]
  var header: [String]
  /// The column whose cells are aligned right.
  var rightAligned: Int
  var rows: [[String]]

  var lines: [String] {
    let widths = contentWidths
    var lines = [rule("┏", "━", "┳", "┓", widths)]
    lines += rowLines(header, "┃", widths)
    lines.append(rule("┡", "━", "╇", "┩", widths))
    for (index, row) in rows.enumerated() {
      if index > 0 { lines.append(rule("├", "─", "┼", "┤", widths)) }
      lines += rowLines(row, "│", widths)
    }
    lines.append(rule("└", "─", "┴", "┘", widths))
    return lines
  }

  /// The widths without padding, after the excess was taken off the columns as evenly as it goes.
  private var contentWidths: [Int] {
    let padded = columnWidths.map { $0 + 2 }
    var excess = padded.reduce(0, +) - (width - columnWidths.count - 1)
    return padded.enumerated().map { index, width in
      let share = Double(excess) / Double(padded.count - index)
      let taken = max(0, min(width, Int(share.rounded(.toNearestOrEven))))
      excess -= taken
      return max(1, width - taken - 2)
    }
  }

  private func rule(_ left: String, _ line: String, _ cross: String, _ right: String, _ widths: [Int])
    -> String
  {
    left + widths.map { String(repeating: line, count: $0 + 2) }.joined(separator: cross) + right
  }

  private func rowLines(_ cells: [String], _ border: String, _ widths: [Int]) -> [String] {
    let wrapped = zip(cells, widths).map { CellText(text: $0).lines(width: $1) }
    let height = wrapped.map(\.count).max() ?? 0
    return (0..<height).map { line in
      let parts = zip(wrapped, widths).enumerated().map { column, cell in
        let text = line < cell.0.count ? cell.0[line] : ""
        let blank = String(repeating: " ", count: cell.1 - text.count)
        return column == rightAligned ? " \(blank)\(text) " : " \(text)\(blank) "
      }
      return border + parts.joined(separator: border) + border
    }
  }
}

/// A cell's text, to be broken between words; a word that fits on no line is cut short with `…`.
struct CellText {
  var text: String

  func lines(width: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    for word in text.split(separator: " ") {
      let joined = current.isEmpty ? String(word) : "\(current) \(word)"
      if joined.count <= width || current.isEmpty {
        current = joined
      } else {
        lines.append(current)
        current = String(word)
      }
    }
    return (lines + [current]).map { $0.count > width ? $0.prefix(width - 1) + "…" : $0 }
  }
}

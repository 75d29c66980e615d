import Encoding

/// The table of tf.keras 2.13 and later (`keras/utils/layer_utils.py`, `print_summary`): columns of fixed
/// positions, what does not fit goes on in the next line.
struct Keras2Style {
  private let summary: Summary
  private let width: Int
  private let columnEnds: [Int]

  init(summary: Summary) {
    self.summary = summary.namingInput("input_1")
    let isLinear = summary.isLinear
    width = isLinear ? 65 : 98
    let ends = isLinear ? [0.45, 0.85, 1] : [0.3, 0.6, 0.7, 1]
    columnEnds = ends.map { [width] in Int(Double(width) * $0) }
  }

  var lines: [String] {
    let header = ["Layer (type)", "Output Shape", "Param #", "Connected to"]
    var lines = ["Model: \"\(summary.modelName)\"", String(repeating: "_", count: width)]
    lines += rowLines(Array(header.prefix(columnEnds.count)))
    lines.append(String(repeating: "=", count: width))
    for row in summary.rows {
      lines += rowLines(Array(fields(of: row).prefix(columnEnds.count)))
      lines.append(String(repeating: " ", count: width))
    }
    lines.append(String(repeating: "=", count: width))
    lines.append("Total params: " + count(summary.counts.total))
    lines.append("Trainable params: " + count(summary.counts.trainable))
    lines.append("Non-trainable params: " + count(summary.counts.nonTrainable))
    lines.append(String(repeating: "_", count: width))
    return lines
  }

  private func count(_ count: Int) -> String {
    "\(count) (\(memorySize(ofParameters: count, byteUnit: "Byte")))"
  }

  private func fields(of row: Summary.Row) -> [String] {
    let shape = row.shape.kerasDescription
    let connections = row.inputs.map { "'\($0)[0][0]'" }.joined(separator: ", ")
    return [
      "\(row.name) (\(row.type))", row.type == "InputLayer" ? "[\(shape)]" : shape, String(row.parameters),
      "[\(connections)]",
    ]
  }

  private func rowLines(_ fields: [String]) -> [String] {
    var remaining = fields.map { Array($0) }
    var lines: [String] = []
    while remaining.contains(where: { !$0.isEmpty }) {
      var line = ""
      for column in remaining.indices {
        if column == 0 { line += " " }
        let cut = cutoff(of: remaining[column], column: column)
        line += String(remaining[column].prefix(cut)) + (isLast(column) ? "" : "  ")
        remaining[column].removeFirst(min(cut, remaining[column].count))
        line += String(repeating: " ", count: max(0, columnEnds[column] - line.count))
      }
      lines.append(line)
    }
    return lines
  }

  private func isLast(_ column: Int) -> Bool { column == columnEnds.count - 1 }

  /// How many characters of a cell its next line takes: what fits, but no more than up to the end of the first
  /// element of a list.
  private func cutoff(of cell: [Character], column: Int) -> Int {
    let start = column == 0 ? 0 : columnEnds[column - 1]
    let room = columnEnds[column] - start - (isLast(column) ? 0 : 3)
    let fitting = cell.prefix(room)
    for index in fitting.indices.dropFirst() where fitting[index] == "," {
      if ")}]'".contains(fitting[index - 1]) { return index + 1 }
    }
    return room
  }
}

import Encoding

/// The table of Keras 3 (`keras/src/utils/summary_utils.py`), which the library rich draws.
struct Keras3Style {
  private let summary: Summary
  private let columns: Int

  init(summary: Summary, columns: Int) {
    self.summary = summary.namingInput("input_layer")
    self.columns = columns
  }

  var lines: [String] {
    let counts = summary.counts
    return ["Model: \"\(summary.modelName)\""] + table.lines + [
      " Total params: " + count(counts.total), " Trainable params: " + count(counts.trainable),
      " Non-trainable params: " + count(counts.nonTrainable),
    ]
  }

  private func count(_ count: Int) -> String { "\(count.grouped) (\(memorySize(ofParameters: count)))" }

  private var table: FramedTable {
    let header = ["Layer (type)", "Output Shape", "Param #", "Connected to"]
    let ends = summary.isLinear ? [0.45, 0.8, 1] : [0.3, 0.56, 0.74, 1]
    let width = max(40, min(summary.isLinear ? 88 : 108, columns - 4))
    let positions = ends.map { Int($0 * Double(width)) }
    return FramedTable(
      width: width, columnWidths: zip(positions, [0] + positions).map { $0 - $1 },
      header: Array(header.prefix(ends.count)), rightAligned: 2,
      rows: summary.rows.map { Array(fields(of: $0).prefix(ends.count)) })
  }

  private func fields(of row: Summary.Row) -> [String] {
    let connections = row.inputs.map { "\($0)[0][0]" }.joined(separator: ", ")
    return [
      "\(row.name) (\(row.type))", row.shape.kerasDescription, row.parameters.grouped,
      connections.isEmpty ? "-" : connections,
    ]
  }
}

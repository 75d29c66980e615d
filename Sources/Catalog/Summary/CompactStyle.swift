import Encoding

/// One line a layer: name, class, output, parameters, costs where they are known, and what it reads.
struct CompactStyle {
  let summary: Summary
  let costs: [LayerCost]?

  var lines: [String] {
    let headings =
      ["layer", "type", "output", "params"] + (costs == nil ? [] : Self.costHeadings) + ["reads"]
    let table = [headings] + summary.rows.indices.map(fields)
    let widths = headings.indices.dropLast().map { column in table.map { $0[column].count }.max() ?? 0 }
    return ["\(summary.modelName): \(summary.rows.count) layers"] + table.map { line($0, widths) } + totals
  }

  private static let costHeadings = ["mult-adds", "memory", "sees", "stride"]

  private func fields(of index: Int) -> [String] {
    let row = summary.rows[index]
    let extents = row.shape.dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
    let costs = self.costs.map { Self.fields(of: $0[index]) } ?? []
    return [row.name, row.type, extents, row.parameters.grouped] + costs + [
      row.inputs.joined(separator: ", ")
    ]
  }

  private static func fields(of cost: LayerCost) -> [String] {
    [
      cost.multiplyAdds.grouped, memorySize(cost.activationBytes),
      cost.receptiveField?.words ?? "all", cost.stride?.words ?? "-",
    ]
  }

  /// Numbers are aligned right: everything between the output and what the layer reads.
  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).enumerated().map { column, cell in
      let blank = String(repeating: " ", count: cell.1 - cell.0.count)
      return column < 3 ? cell.0 + blank : blank + cell.0
    }
    let line = (padded + [cells[cells.count - 1]]).joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private var totals: [String] {
    let counts = summary.counts
    let parameters =
      "\(counts.total.grouped) parameters (\(memorySize(ofParameters: counts.total))): "
      + "\(counts.trainable.grouped) trainable, \(counts.nonTrainable.grouped) non-trainable"
    guard let costs else { return [parameters] }
    let multiplyAdds = costs.map(\.multiplyAdds).reduce(0, +).grouped
    let memory = memorySize(costs.map(\.activationBytes).reduce(0, +))
    return [parameters, "\(multiplyAdds) multiply-adds and \(memory) of activations an image"]
  }
}

import ModelZoo
import Reports

/// What `zoo export` says of what it wrote.
enum ExportView {
  /// The lines that are printed.
  ///
  /// - Parameter batch: how many images there are in a batch; nil for any number.
  static func lines(_ summary: ExportSummary, batch: Int?) -> [String] {
    let counts = "\(counted(summary.tensorCount, "tensor")), \(summary.valueCount.grouped) values"
    var lines = ["\(summary.path): \(counts), \(summary.byteCount.grouped) bytes"]
    if let input = summary.input, let output = summary.output {
      lines.append("  - reads \(input.name) \(extents(input.shape, batch))")
      lines.append("  - gives \(output.name) \(extents(output.shape, batch))")
    }
    if let weights = summary.weightsPath {
      lines.append("  - its weights are in \(weights): keep both files in one folder, under these names")
    }
    return lines
  }

  static func json(_ summary: ExportSummary, labels: [String]) -> JSON {
    let files = [summary.path] + [summary.weightsPath].compactMap(\.self)
    var facts: [(name: String, value: JSON)] = [
      ("output", .string(summary.path)), ("files", .array(files.map(JSON.string))),
      ("bytes", .integer(summary.byteCount)), ("tensors", .integer(summary.tensorCount)),
      ("values", .integer(summary.valueCount)),
    ]
    if let input = summary.input, let output = summary.output {
      facts += [("reads", place(input)), ("gives", place(output))]
    }
    if !summary.notes.isEmpty { facts.append(("notes", .array(summary.notes.map(JSON.string)))) }
    if !labels.isEmpty { facts.append(("labels", .array(labels.map(JSON.string)))) }
    return .object(facts)
  }

  private static func place(_ place: ExportSummary.Place) -> JSON {
    ["name": .string(place.name), "shape": .array(place.shape.dimensions.map(JSON.integer))]
  }

  /// `[N, 224, 224, 3]`.
  private static func extents(_ shape: TensorShape, _ batch: Int?) -> String {
    "[" + ([batch.map(String.init) ?? "N"] + shape.dimensions.map(String.init)).joined(separator: ", ") + "]"
  }
}

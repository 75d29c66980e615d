import Foundation
import ModelZoo
import Reports

/// `zoo project`
struct ProjectCommand: Command {
  private let features = Argument.required(
    "FEATURES", help: "a file written by zoo features, or a folder of shards")
  private let layer = Option.optional(
    "layer", value: "NAME", .text, help: "the layer to plot, if there are several")
  private let method = Option(
    "method", value: "METHOD", .choice(of: Projection.Method.self), default: .pca,
    help: "principal component analysis, or t-SNE, which keeps neighbours together")
  private let perplexity = Option.optional(
    "perplexity", value: "P", .number(in: 1...1000),
    help: "tsne: about how many neighbours each image has (default: 30, or fewer for few images)")
  private let steps = Option(
    "steps", value: "N", .integer(in: 1...100_000), default: 1000, help: "tsne: number of optimisation steps")
  private let output = Option.optional(
    "output", short: "o", value: "FILE", .output,
    help:
      "where to write: a .svg, .csv or .json file (default: FEATURES's name with .svg, in the current folder)"
  )

  let name = "project"
  let abstract = "plot features in two dimensions"
  let discussion = """
    Images with similar features lie close together; classes that lie apart are easy to distinguish. Points are coloured \
    by class if FEATURES has labels. Nothing is random: the same file gives the same plot.
    """
  let example = "zoo project features.npy --method tsne -o animals.svg"
  var declarations: [any CommandArgument] {
    [features, layer, method, perplexity, steps, output, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let path = arguments[output] ?? Self.defaultOutput(arguments[features])
    if arguments[output] == nil { try arguments.refuseReplacing(unnamed: path, option: "--output") }
    let shards = (try? FeatureShards(folder: arguments[features]))?.files ?? []
    try arguments.refuseOverwriting(
      [arguments[features]] + (shards.isEmpty ? [arguments[features] + ".csv"] : shards), by: path)
    guard Projection.Format(path: path) != nil else {
      throw UsageError.conflict(
        "--output: expected a name ending in .svg, .csv or .json, found \(path); a browser shows and prints .svg files"
      )
    }
    if arguments[method] == .pca {
      for option in [perplexity, steps] as [any CommandArgument] where arguments.isGiven(option) {
        throw UsageError.conflict("\(option.declaration.label): needs --method tsne; found --method pca")
      }
    }
    try AtomicFile.checkWritable(path)
    let table = try FeatureTable(contentsOf: arguments[features], layer: arguments[layer])
    let projection =
      try arguments[method] == .pca ? table.principalComponents() : neighbours(table, arguments, console)
    try projection.write(to: path)
    if arguments[Common.json] {
      console.print(Self.json(projection, path))
    } else {
      console.print("\(path): \(Self.sentence(projection))")
    }
  }

  private func neighbours(
    _ table: FeatureTable, _ arguments: Arguments, _ console: Console
  ) throws -> Projection {
    let count = table.rows.files.count
    guard count <= Projection.mostEmbeddedRows else {
      throw UsageError.conflict(
        "--method tsne: expected at most \(Projection.mostEmbeddedRows.grouped) rows, found \(count.grouped); "
          + "use --method pca, or compute the features of fewer images")
    }
    let progress = console.progress("t-SNE", total: arguments[steps], unit: "step")
    let projection = try table.neighbourEmbedding(
      perplexity: arguments[perplexity], steps: arguments[steps]
    ) { progress.advance() }
    progress.finish()
    return projection
  }

  private static func sentence(_ projection: Projection) -> String {
    let rows = projection.rows
    let classes = rows.labels.isEmpty ? "" : ", \(counted(rows.classNames.count, "class", plural: "classes"))"
    let value =
      switch projection.measure {
      case .variance(let share): fixed(share * 100, decimals: 1) + " %"
      case .divergence(let divergence): fixed(divergence, decimals: 4)
      }
    return "\(projection.title) of \(counted(rows.files.count, "image"))\(classes), "
      + "\(projection.measure.name) \(value)"
  }

  private static func json(_ projection: Projection, _ path: String) -> JSON {
    [
      "output": .string(path), "method": .string(projection.method.rawValue),
      "images": .integer(projection.rows.files.count),
      "classes": .array(projection.rows.classNames.map(JSON.string)),
      "\(projection.measure.name)": .number(projection.measure.value),
    ]
  }

  private static func defaultOutput(_ features: String) -> String {
    URL(fileURLWithPath: features).deletingPathExtension().lastPathComponent + ".svg"
  }
}

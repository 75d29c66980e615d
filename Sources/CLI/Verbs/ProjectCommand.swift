import Encoding
import Files
import Foundation
import ModelZoo
import Reports
import TensorArchive

/// `zoo project`
struct ProjectCommand: Command {
  private enum Method: String, CaseIterable {
    case pca, tsne
  }

  private let features = Argument.required("FEATURES", help: "a file written by zoo features")
  private let method = Option(
    "method", value: "METHOD", .choice(of: Method.self), default: .pca,
    help: "principal components, or t-SNE, which keeps neighbours together")
  private let perplexity = Option.optional(
    "perplexity", value: "P", .number(in: 1...1000),
    help: "tsne: about how many neighbours a picture has (default: 30, fewer for few pictures)")
  private let steps = Option(
    "steps", value: "N", .integer(in: 1...100_000), default: 1000, help: "tsne: how often points are moved")
  private let output = Option.optional(
    "output", short: "o", value: "FILE", .output,
    help: "a name ending in .svg, .png, .csv or .json (default: FEATURES's name with .svg, here)")

  let name = "project"
  let abstract = "plot features in two dimensions"
  let discussion = """
    Pictures that the backbone sees alike lie close together; classes that lie apart are easy to tell apart. Points \
    are coloured by class where FEATURES has labels. Nothing is random: the same file gives the same plot.
    """
  let example = "zoo project features.npy --method tsne -o animals.svg"
  var parameters: [any Parameter] { [features, method, perplexity, steps, output, Common.json] }

  /// Exact repulsion takes N² steps, and a plot of more points shows nothing.
  private static let mostRows = 20_000

  func run(_ arguments: Arguments, _ console: Console) throws {
    let path = arguments[output] ?? Self.defaultOutput(arguments[features])
    try arguments.refuseOverwriting([arguments[features], arguments[features] + ".csv"], by: path)
    guard let format = ProjectionPage.Format(path: path) else {
      throw UsageError.conflict("--output: \(path) must end in .svg, .png, .csv or .json")
    }
    if arguments[method] == .pca, arguments[perplexity] != nil {
      throw UsageError.conflict("--perplexity: belongs to --method tsne; found --method pca")
    }
    try AtomicFile.checkWritable(path)
    let table = try FeatureTable(contentsOf: arguments[features])
    let page = try arguments[method] == .pca ? Self.components(table) : neighbours(table, arguments, console)
    try page.bytes(format).withRawSpan { bytes in try AtomicFile.write(bytes, to: path) }
    if arguments[Common.json] {
      console.print(page.summary(path: path))
    } else {
      console.print("\(path): \(page.sentence)")
    }
  }

  private static func components(_ table: FeatureTable) throws -> ProjectionPage {
    let components = try PrincipalComponents(of: table.features, count: 2)
    let ratios = components.varianceRatios
    let labels = (0..<2).map { index in
      let share = index < ratios.count ? fixed(ratios[index] * 100, decimals: 1) : "0.0"
      return "component \(index + 1), \(share) % of the variance"
    }
    return ProjectionPage(
      method: "pca", title: "Principal components", axes: labels, points: components.project(table.features),
      rows: table.rows, measure: ("variance", ratios.reduce(0, +)))
  }

  private func neighbours(
    _ table: FeatureTable, _ arguments: Arguments, _ console: Console
  ) throws -> ProjectionPage {
    let count = table.rows.files.count
    guard count <= Self.mostRows else {
      throw UsageError.conflict(
        "--method tsne: expected at most \(Self.mostRows.grouped) rows, found \(count.grouped); "
          + "use --method pca, or compute the features of fewer pictures")
    }
    let fallback = min(30, max(1, (Double(count) - 1) / 3))
    let progress = console.progress("t-SNE", total: arguments[steps], unit: "step")
    let embedding = try NeighbourEmbedding(
      of: table.features, perplexity: arguments[perplexity] ?? fallback, steps: arguments[steps],
      progress: { progress.advance() })
    progress.finish()
    return ProjectionPage(
      method: "tsne", title: "t-SNE", axes: ["", ""], points: embedding.points, rows: table.rows,
      measure: ("divergence", embedding.divergence))
  }

  private static func defaultOutput(_ features: String) -> String {
    URL(fileURLWithPath: features).deletingPathExtension().lastPathComponent + ".svg"
  }
}

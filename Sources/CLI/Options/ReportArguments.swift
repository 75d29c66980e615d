import ModelZoo

/// What `zoo train` lets one choose about its report.
struct ReportArguments {
  private let report = Option.optional(
    "report", value: "FILE", .output,
    help: "where to write the report (default: MODEL's name with .html, next to MODEL)")
  private let noReport = Flag("no-report", help: "do not write a report")
  private let plots = Option.optional(
    "plots", value: "DIR", .outputFolder, help: "also write the report's plots to DIR, as SVG")

  var group: OptionGroup { OptionGroup("Report", declarations) }

  var declarations: [any CommandArgument] { [report, noReport, plots] }

  /// Where to write the report; nil for nowhere.
  ///
  /// - Parameter resumes: whether the training was begun by another run, whose report may be there.
  func path(
    _ arguments: Arguments, model: String, reading inputs: [String], resumes: Bool
  ) throws -> String? {
    if let folder = arguments[plots] { try OutputFolder.makeWritable(folder) }
    if arguments[noReport] {
      guard arguments[report] == nil else {
        throw UsageError.conflict("--report and --no-report: give one of them, not both")
      }
      return nil
    }
    let path = arguments[report] ?? Self.defaultPath(beside: model)
    if arguments[report] == nil, !resumes {
      try arguments.refuseReplacing(unnamed: path, option: "--report", besides: model)
    }
    try KnownEnding.check(path, of: "--report", contents: "an HTML page", "html", "htm")
    try arguments.refuseOverwriting(inputs + [model], by: path, option: "--report")
    try AtomicFile.checkWritable(path)
    return path
  }

  /// `animals.html` for `animals.zoo.safetensors`.
  private static func defaultPath(beside model: String) -> String {
    let stem = [".zoo.safetensors", ".safetensors", ".zoo"].first {
      model.hasSuffix($0) && model.count > $0.count
    }
    return String(model.dropLast(stem?.count ?? 0)) + ".html"
  }

  /// Writes what was asked for.
  func write(_ content: TrainingReport, to path: String?, _ arguments: Arguments) throws {
    if let path { try content.write(to: path) }
    if let folder = arguments[plots] { try content.writePlots(into: folder) }
  }
}

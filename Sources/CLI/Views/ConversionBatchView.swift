import ModelZoo
import Reports

/// What `zoo convert` says of many files.
enum ConversionBatchView {
  static func print(_ report: ConversionBatchReport, _ words: [String], on console: Console) {
    let converted = report.results.count - report.failures.count
    if converted > 0 {
      var table = Table([
        Table.Column("file"), Table.Column("network"), Table.Column("tensors", .trailing),
        Table.Column("bytes", .trailing), Table.Column("archive"),
      ])
      for result in report.results {
        if let archive = result.stored {
          let network = archive.manifest?.source?.details["entry"] ?? ""
          table.append([
            result.weightFile, network, archive.tensors.count.grouped, archive.payloadByteCount.grouped,
            result.archive,
          ])
        }
        guard let report = result.report else { continue }
        let recognition = report.recognition
        let graph = recognition.graph.map { ", graph \($0)" } ?? ""
        table.append([
          result.weightFile, recognition.network + graph, recognition.tensorCount.grouped,
          report.payloadByteCount.grouped, result.archive,
        ])
      }
      console.print(table)
    }
    let proved = report.results.count { $0.proof != nil }
    console.print(
      "\(counted(converted, "file")) of \(report.results.count.grouped) converted"
        + (proved > 0 ? ", \(proved.grouped) proved" : ""))
    for failure in report.failures.compactMap(\.failure) {
      console.fail(FlagHint.sentence(of: failure, words))
    }
  }

  static func json(_ report: ConversionBatchReport, _ words: [String]) -> JSON {
    [
      "converted": .integer(report.results.count - report.failures.count),
      "failed": .integer(report.failures.count),
      "files": .array(report.results.map { json($0, words) }),
    ]
  }

  private static func json(_ result: ConversionBatchReport.Result, _ words: [String]) -> JSON {
    let file: (name: String, value: JSON) = ("file", .string(result.weightFile))
    if let failure = result.failure {
      let body: JSON = [
        "family": .string("\(failure.family)"), "message": .string(FlagHint.sentence(of: failure, words)),
      ]
      return .object([file, ("output", .null), ("error", body)])
    }
    if let archive = result.stored, case .object(let members) = ArchiveView(archive).json(false) {
      return .object([file, ("output", .string(result.archive))] + members.filter { $0.name != "file" })
    }
    guard let report = result.report, case .object(let members) = ConversionView.json(report, result.proof)
    else { return .object([file]) }
    return .object([file] + members)
  }
}

import Catalog
import Files
import Reports
import TensorArchive

/// `zoo fmt`
struct FormatCommand: Command {
  private let files = Argument.list("FILE", help: "entries: model.json files")
  private let check = Flag("check", help: "change nothing; fail when a file is laid out otherwise")

  let name = "fmt"
  let abstract = "lay out entries in their one legal form"
  let discussion = """
    One layer a line, keys in one order, what equals a default left out. What a file says does not change.
    """
  let example = "zoo fmt --check mine/small/model.json"
  var parameters: [any Parameter] { [files, check] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    var wrong: [CatalogProblem] = []
    for file in arguments[files] {
      let entry = try CatalogEntry(json: try EntryCatalog.text(of: file), file: file)
      let canonical = entry.canonicalJSON
      guard canonical != entry.json else { continue }
      if arguments[check] {
        wrong.append(
          CatalogProblem(
            file: file, line: Self.firstDifference(entry.json, canonical),
            text: "laid out otherwise; zoo fmt writes the one layout"))
      } else {
        try AtomicFile.write(canonical, to: file)
        console.note("\(file): written anew")
      }
    }
    guard wrong.isEmpty else { throw CatalogError.invalidEntry(wrong) }
  }

  /// The first line, from 1, that differs.
  private static func firstDifference(_ text: String, _ other: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let others = other.split(separator: "\n", omittingEmptySubsequences: false)
    return 1 + zip(lines, others).prefix { $0 == $1 }.count
  }
}

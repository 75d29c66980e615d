import ModelZoo

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
  var declarations: [any CommandArgument] { [files, check] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    var wrong: [CatalogProblem] = []
    for path in arguments[files] {
      let file = try EntryFile(contentsOf: path)
      guard let problem = file.layoutProblem else { continue }
      if arguments[check] {
        wrong.append(problem)
      } else {
        try file.format()
        console.note("\(path): written anew")
      }
    }
    guard wrong.isEmpty else { throw CatalogError.invalidEntry(wrong) }
  }
}

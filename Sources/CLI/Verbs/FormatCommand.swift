import ModelZoo

/// `zoo fmt`
struct FormatCommand: Command {
  private let files = Argument.list("FILE", help: "entries, as model.json files")
  private let check = Flag("check", help: "change nothing; fail if a file is not in the standard layout")

  let name = "fmt"
  let abstract = "rewrite catalog entries in the standard layout"
  let discussion = """
    One layer per line, keys in a fixed order, values that equal a default left out. The meaning of a file does not change.
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
        console.note("\(path): reformatted")
      }
    }
    guard wrong.isEmpty else { throw CatalogError.invalidEntry(wrong) }
  }
}

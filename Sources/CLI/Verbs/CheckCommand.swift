import ModelZoo
import Reports

/// `zoo check`
struct CheckCommand: Command {
  private let entries = Argument.list("ENTRY", isRequired: false, help: "entries (default: all)")

  let name = "check"
  let abstract = "prove every claim of catalog entries"
  let discussion = """
    Recomputes shapes, counts and sizes of every graph variant, proves that blocks equal the ones they are said \
    to equal, and checks wiring and layout. Everything that is wrong is listed with file and line.
    """
  let example = "zoo check --zoo mine small"
  var declarations: [any CommandArgument] { [entries, Common.zoo] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let names = arguments[entries].isEmpty ? catalog.identifiers : arguments[entries]
    var problems: [CatalogProblem] = []
    for name in names {
      let check = try catalog.check(name)
      problems += check.problems
      if check.problems.isEmpty {
        console.print("\(name): all claims hold (\(counted(check.graphCount, "graph")))")
      }
    }
    guard problems.isEmpty else { throw CatalogError.invalidEntry(problems) }
  }
}

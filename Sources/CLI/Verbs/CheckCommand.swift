import ModelZoo
import Reports

/// `zoo check`
struct CheckCommand: Command {
  private let entries = Argument.list("ENTRY", isRequired: false, help: "entries to check (default: all)")

  let name = "check"
  let abstract = "check that catalog entries are correct"
  let discussion = """
    Recomputes the shapes, counts and sizes of every graph variant, compares the blocks that the entry says are the same, \
    and checks wiring and layout. Every problem is listed with file and line.
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

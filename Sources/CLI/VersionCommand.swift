import Reports

/// `zoo version`
struct VersionCommand: Command {
  let name = "version"
  let abstract = "print the versions of zoo, its archive format and its libraries"
  let example = "zoo version --json"
  var parameters: [any Parameter] { [Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let facts = [("zoo", toolVersion)]
    if arguments[Common.json] {
      console.print(JSON.object(facts.map { (name: $0.0, value: .string($0.1)) }))
    } else {
      for (name, version) in facts { console.print("\(name) \(version)") }
    }
  }
}

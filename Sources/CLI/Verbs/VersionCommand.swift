import ModelZoo
import Reports

/// `zoo version`
struct VersionCommand: Command {
  let name = "version"
  let abstract = "print the versions of zoo, its archive format and its libraries"
  let discussion = """
    The first line is the version of zoo. The archive format is the one that zoo writes; it reads all older ones, too. \
    Kernels are compiled for several instruction sets; the one printed is used on this processor.
    """
  let example = "zoo version --json"
  var declarations: [any CommandArgument] { [Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let facts = [("zoo", Release.version)] + Release.components.map { ($0.name, $0.version) }
    if arguments[Common.json] {
      console.print(JSON.object(facts.map { (name: Self.key($0.0), value: .string($0.1)) }))
    } else {
      for (name, version) in facts { console.print("\(name) \(version)") }
    }
  }

  /// A name as JSON's: `archiveFormat`, `hdf5`.
  private static func key(_ name: String) -> String {
    let words = name.lowercased().split(separator: " ")
    return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
  }
}

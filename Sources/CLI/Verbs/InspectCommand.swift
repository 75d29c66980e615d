import ModelZoo
import Reports

/// `zoo inspect`
struct InspectCommand: Command {
  private let files = Argument<[String]>.list("FILE", help: "files of any kind")
  private let tensors = Flag("tensors", help: "list every tensor")

  let name = "inspect"
  let abstract = "identify a file and describe its contents"
  let discussion = """
    For a Keras weight file: the network, the Keras version, the kernel order and the graph, with the reasons. For an \
    archive: its contents and their source. For any other file: its type, and what to do with it. A damaged or \
    unsupported file is a result, not an error, and the exit code is 0; only a file that does not exist or cannot be \
    read is an error (66). Then the other files are described all the same.
    """
  let example = "zoo inspect weights_notop.h5"
  var declarations: [any CommandArgument] { [files, tensors, Common.zoo, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let (paths, listsTensors, isJSON) = (arguments[files], arguments[tensors], arguments[Common.json])
    var views: [JSON] = []
    var failures: [any ZooError] = []
    for path in paths {
      do {
        let inspection = try catalog.inspect(path)
        if isJSON { views.append(Self.json(inspection, listsTensors)) }
        if !isJSON { Self.print(inspection, listsTensors, arguments, console) }
      } catch let error as any ZooError where paths.count > 1 {
        failures.append(error)
        if isJSON { views.append(Self.json(error, path)) }
        if !isJSON { console.fail(FlagHint.sentence(of: error, arguments.words)) }
      }
    }
    if isJSON { console.print(paths.count == 1 ? views[0] : .array(views)) }
    guard let first = failures.first else { return }
    throw SeveralFailures(verb: name, failures: failures.count, files: paths.count, family: first.family)
  }

  private static func print(
    _ inspection: Inspection, _ listsTensors: Bool, _ arguments: Arguments, _ console: Console
  ) {
    for line in lines(inspection, listsTensors, arguments) { console.print(line) }
  }

  private static func lines(
    _ inspection: Inspection, _ listsTensors: Bool, _ arguments: Arguments
  ) -> [String] {
    switch inspection.content {
    case .weights(let file, let recognition):
      WeightFileView(file: file, recognition: recognition, folders: arguments[Common.zoo]).lines(listsTensors)
    case .archive(let archive, let model): ArchiveView(archive, model).lines(listsTensors)
    case .other(let kind, let explanation): ["\(inspection.path): \(explanation)" + hint(for: kind)]
    }
  }

  /// The verbs that take what this program wrote.
  private static func hint(for kind: String) -> String {
    switch kind {
    case "listing":
      " (zoo features and zoo predict take it as images; zoo train --data, evaluate, audit and choose where it has classes)"
    case "shards":
      " (zoo merge --status says which are missing; zoo merge puts them together, zoo train --features takes them as they are)"
    default: ""
    }
  }

  private static func json(_ error: any ZooError, _ path: String) -> JSON {
    let body: JSON = ["family": .string("\(error.family)"), "message": .string(error.description)]
    return ["file": .string(path), "error": body]
  }

  private static func json(_ inspection: Inspection, _ listsTensors: Bool) -> JSON {
    switch inspection.content {
    case .weights(let file, let recognition):
      WeightFileView(file: file, recognition: recognition, folders: []).json(listsTensors)
    case .archive(let archive, let model): ArchiveView(archive, model).json(listsTensors)
    case .other(let kind, let explanation):
      ["file": .string(inspection.path), "kind": .string(kind), "explanation": .string(explanation)]
    }
  }
}

import ModelZoo
import Reports

/// `zoo inspect`
struct InspectCommand: Command {
  private let files = Argument<[String]>.list("FILE", help: "any file")
  private let tensors = Flag("tensors", help: "list every tensor")

  let name = "inspect"
  let abstract = "say what a file is"
  let discussion = """
    For a Keras weight file: the network, the era, the order of kernels and the graph, with the reasons. For an \
    archive: what it holds and where that came from. For anything else: what it is instead, and what to do. \
    What is wrong with a file is the answer here, not an error, and the exit code is 0; only a file that is not \
    there or cannot be read is an error (66).
    """
  let example = "zoo inspect weights_notop.h5"
  var declarations: [any CommandArgument] { [files, tensors, Common.zoo, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let listsTensors = arguments[tensors]
    let inspections = try arguments[files].map(catalog.inspect)
    if arguments[Common.json] {
      let views = inspections.map { Self.json($0, listsTensors) }
      console.print(views.count == 1 ? views[0] : .array(views))
      return
    }
    for line in inspections.flatMap({ Self.lines($0, listsTensors) }) { console.print(line) }
  }

  private static func lines(_ inspection: Inspection, _ listsTensors: Bool) -> [String] {
    switch inspection.content {
    case .weights(let file, let recognition):
      WeightFileView(file: file, recognition: recognition).lines(listsTensors)
    case .archive(let archive, let model): ArchiveView(archive, model).lines(listsTensors)
    case .other(_, let explanation): ["\(inspection.path): \(explanation)"]
    }
  }

  private static func json(_ inspection: Inspection, _ listsTensors: Bool) -> JSON {
    switch inspection.content {
    case .weights(let file, let recognition):
      WeightFileView(file: file, recognition: recognition).json(listsTensors)
    case .archive(let archive, let model): ArchiveView(archive, model).json(listsTensors)
    case .other(let kind, let explanation):
      ["file": .string(inspection.path), "kind": .string(kind), "explanation": .string(explanation)]
    }
  }
}

import ModelZoo
import Reports

/// `zoo list`
struct ListCommand: Command {
  private let graphs = Flag("graphs", help: "also say what the variants of each entry's graph are")

  private let files = Option.optional(
    "files", value: "DIR", .text, help: "also check the sets against the weight files in DIR")

  let name = "list"
  let abstract = "list the networks of the catalog and the weights known for them"
  let discussion = """
    An entry is a network: its layers, its sizes, the preprocessing it was trained with. Some have several \
    graphs, which differ in paddings or an epsilon; --graphs says which software has which. Weights are files \
    that were published, or that a version of Keras writes. The checks are run while you wait: parsed (the \
    description was understood), consistent (it agrees with the entry), bound (every layer has its one group \
    in the file), identified (the MD5 of the published file is known). With --files also fitted: a file in DIR \
    was recognised as this set, as the very file that was published if one was, and each of its tensors had \
    its one place.
    """
  let example = "zoo list --graphs"
  var declarations: [any CommandArgument] { [graphs, files, Common.zoo, Common.json] }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let fitted = try arguments[files].map(catalog.fittedWeightSets)
    for objection in fitted?.objections ?? [] { console.warn(objection) }
    let view = try CatalogView(catalog, fitted: fitted)
    if arguments[Common.json] {
      console.print(view.json)
      return
    }
    console.print(view.networkTable)
    if arguments[graphs] {
      for network in view.networks where !network.graphVariants.isEmpty {
        console.print()
        console.print(view.variantTable(of: network))
      }
    }
    if !view.weightSets.isEmpty {
      console.print()
      console.print(view.weightSetTable)
    }
    for set in view.weightSets {
      for problem in set.problems { console.warn("\(set.path): \(problem)") }
    }
  }
}

import ModelZoo
import Reports

/// `zoo list`
struct ListCommand: Command {
  private let names = Argument.list(
    "ENTRY", isRequired: false, help: "names, in which * stands for any letters and ? for one (default: all)")
  private let parameters = Option.optional(
    "max-parameters", value: "N", .quantity, help: "networks of at most N parameters, as in 500k or 10M")
  private let size = Option.optional(
    "minimum-size", value: "N|HxW", .imageSize, help: "networks that take images of this size")
  private let graphs = Flag("graphs", help: "also say what the variants of each entry's graph are")
  private let files = Option.optional(
    "files", value: "DIR", .text, help: "also check the weight files in DIR against those that are known")

  let name = "list"
  let abstract = "list the networks of the catalog, or the weights known for one"
  let discussion = """
    An entry is a network: its parameters without a classifier, its multiplications with additions (MACs) and \
    features for an image of its own size, the least size it takes, how pixels are scaled for it, and of its \
    published weights the licence and how many of a hundred ImageNet images they name rightly (top-1), where \
    Keras's documentation states that. The name of one entry lists the files of weights that are known for it, those that were published \
    with their digests. The checks of each are run while you wait: parsed (the description was understood), \
    consistent (it agrees with the entry), bound (every layer has its one group in the file), identified (the \
    digest of the published file is known). With --files also fitted: a file in DIR was recognised as this one, as the \
    very file that was published if one was, and each of its tensors had its one place. Some entries have several \
    graphs, which differ in paddings or an epsilon; --graphs says which software has which.
    """
  var example: String {
    "zoo list \"\(Common.exampleEntry.prefix(3))*\" --max-parameters 30M --minimum-size 96"
  }
  var declarations: [any CommandArgument] {
    [parameters, size, graphs, files, Common.wide, Common.zoo, Common.json, names]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let catalog = try arguments.catalog
    let fitted = try arguments[files].map(catalog.fittedWeightSets)
    for objection in fitted?.objections ?? [] { console.warn(objection) }
    let query = NetworkQuery(
      arguments[names], maximumParameterCount: arguments[parameters], imageSize: arguments[size])
    if arguments[Common.json] {
      console.print(try CatalogView(catalog, query, fitted: fitted).json)
      return
    }
    let (outlines, problems) = try catalog.outlines(matching: query)
    console.print(CatalogView.table(of: outlines))
    guard outlines.count == 1 || fitted != nil || arguments[graphs] else {
      for problem in problems { console.warn(problem) }
      return
    }
    let view = try CatalogView(catalog, query, fitted: fitted)
    for network in view.networks {
      if arguments[graphs] || isAlone(view), !network.graphVariants.isEmpty {
        console.print()
        console.print(view.variantTable(of: network))
      }
      if isAlone(view) || fitted != nil { printWeights(of: network, view, console) }
    }
    for set in view.weightSets {
      for problem in set.problems { console.warn("\(set.path): \(problem)") }
    }
  }

  private func isAlone(_ view: CatalogView) -> Bool { view.networks.count == 1 }

  private func printWeights(of network: CatalogNetwork, _ view: CatalogView, _ console: Console) {
    if isAlone(view) {
      console.print()
      console.print(view.facts(of: network))
    }
    let sets = view.weightSets.filter { $0.network == network.identifier }
    guard isAlone(view) || sets.contains(where: { $0.passed.contains(.fitted) }) else { return }
    console.print()
    console.print(view.weightSetTable(of: network))
    if let table = view.publishedFileTable(of: network) {
      console.print()
      console.print(table)
      console.print()
      console.print(view.addressLines(of: network))
    }
  }
}

extension ValueKind where Value == Int {
  /// A whole number, perhaps of thousands (`500k`), millions (`10M`) or more.
  fileprivate static var quantity: Self {
    let units: [Character: Double] = ["k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9]
    return Self(
      expectation: "a number such as 500000, 500k or 10M",
      parse: { text in
        let unit = text.last.flatMap { units[Character($0.lowercased())] }
        guard let number = Double(decimal: unit == nil ? text[...] : text.dropLast()), number > 0 else {
          return nil
        }
        let product = number * (unit ?? 1)
        return product < 1e18 ? Int(product) : nil
      }, show: String.init)
  }
}

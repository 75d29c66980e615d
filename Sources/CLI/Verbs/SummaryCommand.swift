import Catalog
import Encoding
import Foundation
import Reports

/// `zoo summary`
struct SummaryCommand: Command {
  private let subject = Argument.required(
    "ENTRY|FILE", help: "an entry's name, an archive, a trained model or a Keras .h5")
  private let graph = Option.optional(
    "graph", value: "NAME", .text, help: "this variant of the entry's graph (see zoo list)")
  private let style = Option(
    "style", value: "STYLE", .choice(of: Summary.Style.self), default: .keras3,
    help: "how the table looks: as Keras 3 or Keras 2 prints it, or a line a layer")
  private let size = Option.optional(
    "size", value: "N|HxW", .imageSize, help: "the size of the images (default: the network's own)")
  private let layer = Option.optional("layer", value: "NAME", .text, help: "end at this layer")
  private let columns = Option(
    "columns", value: "N", .integer(in: 44...1000), default: 120, help: "the columns Keras 3's table may use")
  private let cost = Flag(
    "cost", help: "a line a layer with multiply-adds, activation memory and receptive field")

  let name = "summary"
  let abstract = "print a network's layers, shapes and parameters as Keras does"
  let discussion = """
    The same table as Keras's model.summary(), line for line. For a trained model the head's layers follow the \
    frozen backbone's; a weight file of Keras is recognised by its content. Sizes below the network's minimum \
    are refused.
    """
  let example = "zoo summary network.zoo.safetensors --style keras2"
  var parameters: [any Parameter] {
    [subject, graph, style, size, layer, columns, cost, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    var subject = try subject(arguments)
    if let layer = arguments[layer] { subject.graph = try subject.graph.truncated(at: layer) }
    let summary = try subject.summary
    let costs =
      arguments[cost] || arguments[Common.json]
      ? try subject.graph.costs(height: subject.size.height, width: subject.size.width) : []
    if arguments[Common.json] {
      console.print(SummaryPage(summary: summary, costs: costs, size: subject.size).json)
    } else {
      let lines =
        arguments[cost]
        ? summary.lines(costs: costs) : summary.lines(arguments[style], columns: arguments[columns])
      for line in lines { console.print(line) }
    }
  }

  /// An entry by its name, else the file of that name.
  private func subject(_ arguments: Arguments) throws -> SummarySubject {
    let catalog = try arguments.catalog
    let text = arguments[subject]
    guard !catalog.identifiers.contains(text), Self.namesFile(text) else {
      return try SummarySubject(try catalog.entry(text), variant: arguments[graph]).resized(
        to: arguments[size])
    }
    if arguments[graph] != nil { throw UsageError.conflict("--graph: a file says itself which graph it has") }
    return try SummarySubject(file: text, catalog: catalog).resized(to: arguments[size])
  }

  /// Whether `text` is a file's name rather than an entry's, be the file there or not.
  private static func namesFile(_ text: String) -> Bool {
    FileManager.default.fileExists(atPath: text) || text.contains { "/.".contains($0) }
  }
}

/// A summary for machines.
struct SummaryPage {
  let summary: Summary
  let costs: [LayerCost]
  let size: Extent

  var json: JSON {
    [
      "model": .string(summary.modelName), "size": Self.json(size),
      "parameters": .integer(summary.counts.total), "trainable": .integer(summary.counts.trainable),
      "nonTrainable": .integer(summary.counts.nonTrainable),
      "multiplyAdds": .integer(costs.map(\.multiplyAdds).reduce(0, +)),
      "layers": .array(zip(summary.rows, costs).map(Self.json)),
    ]
  }

  private static func json(_ row: Summary.Row, _ cost: LayerCost) -> JSON {
    [
      "name": .string(row.name), "type": .string(row.type),
      "shape": .array(row.shape.dimensions.map { JSON($0) }), "parameters": .integer(row.parameters),
      "inputs": .array(row.inputs.map(JSON.string)), "multiplyAdds": .integer(cost.multiplyAdds),
      "activationBytes": .integer(cost.activationBytes),
      "receptiveField": cost.receptiveField.map(json) ?? .null, "stride": cost.stride.map(json) ?? .null,
    ]
  }

  private static func json(_ extent: Extent) -> JSON { [.integer(extent.height), .integer(extent.width)] }
}

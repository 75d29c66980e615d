import ModelZoo
import Reports

/// `zoo summary`
struct SummaryCommand: Command {
  private let subject = Argument.required(
    "ENTRY|FILE", help: "an entry's name, an archive, a trained model or Keras weights")
  private let graph = Option.optional(
    "graph", value: "NAME", .text, help: "this variant of the entry's graph (see zoo list)")
  private let style = Option(
    "style", value: "STYLE", .choice(of: NetworkSummary.Style.self), default: .keras3,
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
  var declarations: [any CommandArgument] {
    [subject, graph, style, size, layer, columns, cost, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let summary = try summary(arguments)
    if arguments[Common.json] {
      console.print(Self.json(summary))
    } else {
      let lines =
        arguments[cost]
        ? summary.costLines() : summary.lines(arguments[style], columns: arguments[columns])
      for line in lines { console.print(line) }
    }
  }

  /// An entry's by its name, else that of the file of that name.
  private func summary(_ arguments: Arguments) throws -> NetworkSummary {
    let catalog = try arguments.catalog
    let (name, size, layer) = (arguments[subject], arguments[size], arguments[layer])
    guard catalog.namesFile(name) else {
      return try catalog.summary(of: name, graph: arguments[graph], size: size, endingAt: layer)
    }
    if arguments[graph] != nil { throw UsageError.conflict("--graph: a file says itself which graph it has") }
    return try catalog.summary(ofFile: name, size: size, endingAt: layer)
  }

  private static func json(_ summary: NetworkSummary) -> JSON {
    [
      "model": .string(summary.modelName), "size": summary.imageSize.json,
      "parameters": .integer(summary.parameterCount), "trainable": .integer(summary.trainableParameterCount),
      "nonTrainable": .integer(summary.nonTrainableParameterCount),
      "multiplyAdds": .integer(summary.multiplyAdds), "layers": .array(summary.layers.map(json)),
    ]
  }

  private static func json(_ layer: NetworkSummary.Layer) -> JSON {
    [
      "name": .string(layer.name), "type": .string(layer.type),
      "shape": .array(layer.outputShape.map { JSON($0) }), "parameters": .integer(layer.parameterCount),
      "inputs": .array(layer.inputs.map(JSON.string)), "multiplyAdds": .integer(layer.multiplyAdds),
      "activationBytes": .integer(layer.activationByteCount),
      "receptiveField": layer.receptiveField.map(\.json) ?? .null,
      "stride": layer.stride.map(\.json) ?? .null,
    ]
  }
}

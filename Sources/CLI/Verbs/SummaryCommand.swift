import ModelZoo
import Reports

/// `zoo summary`
struct SummaryCommand: Command {
  private let subject = Argument.required(
    "ENTRY|FILE", help: "an entry's name, an archive, a trained model or Keras weights")
  private let graph = Option.optional(
    "graph", value: "NAME", .text, help: "use this variant of the entry's graph (see zoo list)")
  private let style = Option(
    "style", value: "STYLE", .choice(of: NetworkSummary.Style.self), default: .keras3,
    help: "layout of the table: that of Keras 3, that of Keras 2, or one line per layer")
  private let size = Option.optional(
    "size", value: "N|HxW", .imageSize, help: "image size (default: the network's own)")
  private let backbone = Option.optional(
    "backbone", value: "ARCHIVE", .text,
    help:
      "of a checkpoint: the archive it was trained on (default: beside the checkpoint, or in the folder above)"
  )
  private let layer = Option.optional("layer", value: "NAME", .text, help: "end at this layer")
  private let columns = Option(
    "columns", value: "N", .integer(in: 44...1000), default: 120,
    help: "width of Keras 3's table, in characters")
  private let cost = Flag(
    "cost", help: "one line per layer with multiply-adds, activation memory and receptive field")

  let name = "summary"
  let abstract = "print a network's layers, shapes and parameters as Keras does"
  let discussion = """
    The same table as Keras's model.summary(), line for line for the networks of the catalog. Of a whole model, models \
    inside it are opened, and layers of its classifier may go by the names that Keras gives by itself. For a trained model, the layers of the head follow those \
    of the frozen backbone; with --style keras2, a table with the backbone as one layer comes first. A Keras weight file is recognised by its content. Sizes below the network's minimum are \
    refused.
    """
  let example = "zoo summary network.zoo.safetensors --style keras2"
  var declarations: [any CommandArgument] {
    [subject, graph, style, size, layer, columns, cost, backbone, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    if arguments[cost], arguments.isGiven(style) || arguments.isGiven(columns) {
      console.note("--style and --columns: have no effect with --cost, which has a layout of its own")
    } else if arguments[style] != .keras3, arguments.isGiven(columns) {
      console.note("--columns: has no effect with --style \(arguments[style].rawValue)")
    }
    let summary = try summary(arguments)
    if let scaling = summary.scaling {
      console.note("\(arguments[subject]): images are resized to \(scaling)")
    }
    for reason in summary.featureEnd { console.note("\(arguments[subject]): \(reason.withOption)") }
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
      guard arguments[backbone] == nil else {
        throw UsageError.conflict("--backbone: needs a checkpoint; found an entry")
      }
      return try catalog.summary(of: name, graph: arguments[graph], size: size, endingAt: layer)
    }
    if arguments[graph] != nil {
      throw UsageError.conflict("--graph: needs an entry; found a file, which has one graph")
    }
    return try catalog.summary(ofFile: name, backbone: arguments[backbone], size: size, endingAt: layer)
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

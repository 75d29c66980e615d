import ModelZoo
import Reports

/// `zoo convert`
struct ConvertCommand: Command {
  private let file = Argument<String>.required(
    "FILE", help: "a Keras weight file, or with --dtype an archive")
  private let output = Option<String>.required(
    "output", short: "o", value: "ARCHIVE", .output, help: "write the archive here (.zoo.safetensors)")
  private let entry = Option<String?>.optional(
    "entry", value: "NAME", .text, help: "take the file for this network of the catalog")
  private let architecture = Option<String?>.optional(
    "architecture", value: "MODEL.json", .text,
    help: "what Keras's model.to_json() wrote, for weights that name no layers")
  private let graph = Option<String?>.optional(
    "graph", value: "NAME", .text, help: "take this variant of the network's graph")
  private let kernels = Option.optional(
    "kernels", value: "ORDER", .kernelOrder, help: "theano or tensorflow: whether kernels are rotated by 180°"
  )
  private let dropTop = Flag("drop-top", help: "leave out the classifier's layers")
  private let type = Option.optional(
    "dtype", value: "TYPE", .choice(["f32", "f16", "bf16"]),
    help: "store kernels as TYPE (default: as the file has them); f16 and bf16 take half the room")

  let name = "convert"
  let abstract = "convert a Keras weight file into an archive"
  let discussion = """
    What the file is (network, era, order of kernels, variant of the graph) is found from its content, never \
    from its name, and said with the reasons. Every tensor of the network must be there in its shape, and \
    nothing else; otherwise nothing is written and everything that does not fit is listed. Values that are not \
    finite and variances below zero are copied as they are, with a warning.

    With --dtype numbers are rounded to the nearest of that type, of two the even one; a number too large for it \
    is refused. Biases and the statistics of normalisations stay f32. An archive can be stored anew that way, \
    a trained model too.
    """
  let example = """
    zoo convert weights_notop.h5 -o backbone.zoo.safetensors
    zoo convert backbone.zoo.safetensors --dtype bf16 -o half.zoo.safetensors
    """
  var declarations: [any CommandArgument] {
    [file, output, entry, architecture, graph, kernels, dropTop, type, Common.zoo, Common.json]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    try arguments.refuseOverwriting(
      [arguments[file]] + [arguments[architecture]].compactMap(\.self), by: arguments[output])
    try KnownEnding.check(arguments[output], contents: "an archive", "safetensors")
    let catalog = try arguments.catalog
    if let type = scalarType(arguments), try catalog.isArchive(arguments[file]) {
      return try store(arguments, as: type, console)
    }
    let conversion = try catalog.conversion(
      of: arguments[file],
      options: ConversionOptions(
        network: arguments[entry], architecture: arguments[architecture], graph: arguments[graph],
        kernels: arguments[kernels], dropsTop: arguments[dropTop], scalarType: scalarType(arguments)))
    let progress = console.progress("converting", total: conversion.recognition.valueCount, unit: "value")
    let report = try conversion.write(to: arguments[output]) { progress.advance(by: $0) }
    progress.finish()
    if let warning = report.unusualTensors.warning { console.warn("\(arguments[file]): \(warning)") }
    if arguments[Common.json] {
      console.print(ConversionView.json(report))
    } else {
      for line in ConversionView.lines(report, file: arguments[file]) { console.print(line) }
    }
  }

  /// Stores an archive anew, its numbers as `type`.
  private func store(_ arguments: Arguments, as type: ScalarType, _ console: Console) throws {
    guard arguments[entry] == nil, arguments[architecture] == nil, arguments[graph] == nil,
      arguments[kernels] == nil, !arguments[dropTop]
    else {
      throw UsageError.conflict("--entry, --architecture, --graph, --kernels, --drop-top: not for an archive")
    }
    let archive = try Archive(contentsOf: arguments[file])
    let values = archive.tensors.reduce(0) { $0 + $1.shape.elementCount }
    let progress = console.progress("converting", total: values, unit: "value")
    try archive.write(to: arguments[output], as: type) { progress.advance(by: $0) }
    progress.finish()
    if let warning = archive.unusualTensors.warning { console.warn("\(archive.path): \(warning)") }
    let stored = try Archive(contentsOf: arguments[output])
    if arguments[Common.json] {
      console.print(ArchiveView(stored).json(false))
    } else {
      console.print(
        "\(stored.path): \(stored.tensors.count) tensors (\(ArchiveView.types(of: stored))), "
          + "\(stored.byteCount.grouped) bytes; \(archive.path) has \(archive.byteCount.grouped)")
    }
  }

  private func scalarType(_ arguments: Arguments) -> ScalarType? {
    arguments[type].flatMap { ScalarType(rawValue: $0.uppercased()) }
  }
}

extension ValueKind where Value == KernelOrder {
  /// `theano` or `tensorflow`.
  fileprivate static var kernelOrder: Self {
    Self(
      expectation: "theano or tensorflow", parse: { KernelOrder(rawValue: $0) }, show: \.rawValue)
  }
}

import ModelZoo
import Reports

/// `zoo convert`
struct ConvertCommand: Command {
  private let file = Argument<String>.required(
    "FILE",
    help:
      "a Keras weight file or whole model: .h5, .keras, .weights.h5 or .weights.json, also one of them in a .zip or .gz; with --dtype an archive, too"
  )
  private let output = Option<String>.required(
    "output", short: "o", value: "ARCHIVE", .output, help: "where to write the archive (.zoo.safetensors)")
  private let entry = Option<String?>.optional(
    "entry", value: "NAME", .text, help: "treat the file as this network of the catalog")
  private let architecture = Option<String?>.optional(
    "architecture", value: "MODEL.json", .text,
    help: "the architecture, from Keras's model.to_json(), for weights without layer names")
  private let graph = Option<String?>.optional(
    "graph", value: "NAME", .text, help: "use this variant of the network's graph")
  private let kernels = Option.optional(
    "kernels", value: "ORDER", .kernelOrder,
    help: "theano (rotated by 180°) or tensorflow (default: found from the file)"
  )
  private let dropTop = Flag("drop-top", help: "leave out the layers of the classifier")
  private let layer = Option<String?>.optional(
    "layer", value: "NAME", .text,
    help:
      "features are the output of this layer of a whole model, by its name there; what is behind it is left out"
  )
  private let labels = Option<String?>.optional(
    "labels", value: "FILE", .text, help: "class names of a whole model, one per line (default: 0, 1, ...)")
  private let preprocessing = Option.optional(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help:
      "how pixel values are scaled before a whole model, if not as its graph or its entry of the catalog says"
  )
  private let interpolation = Option.optional(
    "interpolation", value: "KIND", .choice(of: Interpolation.self),
    help: "how images are resized for the model by default: what it was trained with (default: nearest)")
  private let verbose = Flag("verbose", help: "list every difference and every mismatch")
  private let type = Option.optional(
    "dtype", value: "TYPE", .choice(["f32", "f16", "bf16"]),
    help: "store kernels as TYPE (default: as in the file); f16 and bf16 take half the space")

  let name = "convert"
  let abstract = "convert a Keras weight file into an archive"
  let discussion = """
    The network, the Keras version that wrote the file, the kernel order and the graph variant are found from the \
    content, never from the file name, and printed with the reasons. The file must have every tensor of the network in \
    its shape, and no others; otherwise nothing is written and all mismatches are listed. Values that are not finite and \
    variances below zero are copied unchanged, with a warning.

    A whole model, saved with its architecture, is converted by its own graph, with its classifier: zoo predict can use \
    the result at once. If the graph computes the same as a network of the catalog, it gets that network's name.

    With --dtype, numbers are rounded to the nearest value of that type, ties to even; a number too large for the type \
    is refused. Biases and the statistics of normalisation layers stay f32. Archives, trained models among them, can be \
    converted to another type in the same way.
    """
  let example = """
    zoo convert weights_notop.h5 -o backbone.zoo.safetensors
    zoo convert backbone.zoo.safetensors --dtype bf16 -o half.zoo.safetensors
    """
  var declarations: [any CommandArgument] {
    [
      file, output, entry, architecture, graph, kernels, dropTop, layer, labels, preprocessing, interpolation,
      type,
      verbose, Common.zoo, Common.json,
    ]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    try arguments.refuseOverwriting(
      [arguments[file]] + [arguments[architecture], arguments[labels]].compactMap(\.self),
      by: arguments[output])
    try KnownEnding.check(arguments[output], contents: "an archive", "safetensors")
    let catalog = try arguments.catalog
    if let type = scalarType(arguments), try catalog.isArchive(arguments[file]) {
      return try store(arguments, as: type, console)
    }
    let conversion = try conversion(arguments, catalog, console)
    let progress = console.progress("Converting", total: conversion.recognition.valueCount, unit: "value")
    let report = try conversion.write(to: arguments[output]) { progress.advance(by: $0) }
    progress.finish()
    if let warning = report.unusualTensors.warning { console.warn("\(arguments[file]): \(warning)") }
    for note in FlagHint.featureNotes(report.recognition) { console.warn("\(arguments[file]): \(note)") }
    if arguments[dropTop], report.droppedLayers.isEmpty, report.recognition.featureNotes.isEmpty {
      console.warn("\(arguments[file]): --drop-top left out nothing; \(reason(report.recognition))")
    }
    if arguments[Common.json] {
      console.print(ConversionView.json(report))
    } else {
      let lines = ConversionView.lines(report, file: arguments[file], isVerbose: arguments[verbose])
      for line in lines { console.print(line) }
    }
  }

  /// Why nothing is left out.
  private func reason(_ recognition: Recognition) -> String {
    if recognition.givesNumbers, let end = recognition.featureEnd.first { return end.withOption }
    return "no classifier can be told from the network, so features are those of its last layer "
      + "(zoo features --layer takes those of an earlier one)"
  }

  private func conversion(
    _ arguments: Arguments, _ catalog: NetworkCatalog, _ console: Console
  ) throws -> Conversion {
    if arguments[layer] != nil, arguments[entry] != nil || arguments[graph] != nil {
      throw UsageError.conflict(
        "--layer and --entry, --graph: give one of them, not both; a layer is one of the file's own graph")
    }
    if arguments[labels] != nil, arguments[layer] != nil || arguments[dropTop] {
      throw UsageError.conflict(
        "--labels and --layer, --drop-top: give one of them, not both; the names are those of a classifier, which these leave out"
      )
    }
    let options = ConversionOptions(
      network: arguments[entry], architecture: arguments[architecture], graph: arguments[graph],
      kernels: arguments[kernels],
      dropsTop: arguments[dropTop], layer: arguments[layer],
      preprocessing: arguments[preprocessing].flatMap { Preprocessing.named[$0] },
      interpolation: arguments[interpolation],
      labels: try arguments[labels].map { try ClassLabels.read(contentsOf: $0) },
      scalarType: scalarType(arguments))
    do {
      return try catalog.conversion(of: arguments[file], options: options)
    } catch let error as ConversionError where arguments[verbose] {
      for line in error.list { console.complain(line) }
      throw error
    }
  }

  /// Writes an archive again, its numbers as `type`.
  private func store(_ arguments: Arguments, as type: ScalarType, _ console: Console) throws {
    guard arguments[entry] == nil, arguments[architecture] == nil, arguments[graph] == nil,
      arguments[kernels] == nil, !arguments[dropTop], arguments[layer] == nil, arguments[labels] == nil,
      arguments[preprocessing] == nil, arguments[interpolation] == nil
    else {
      throw UsageError.conflict(
        "--entry, --architecture, --graph, --kernels, --drop-top, --layer, --labels, --preprocessing, --interpolation: need a Keras file; found an archive"
      )
    }
    let archive = try Archive(contentsOf: arguments[file])
    let values = archive.tensors.reduce(0) { $0 + $1.shape.elementCount }
    let progress = console.progress("Converting", total: values, unit: "value")
    try archive.write(to: arguments[output], as: type) { progress.advance(by: $0) }
    progress.finish()
    if let warning = archive.unusualTensors.warning { console.warn("\(archive.path): \(warning)") }
    let stored = try Archive(contentsOf: arguments[output])
    if arguments[Common.json] {
      console.print(ArchiveView(stored).json(false))
    } else {
      console.print(
        "\(stored.path): \(stored.tensors.count) tensors (\(ArchiveView.types(of: stored))), "
          + "\(stored.byteCount.grouped) bytes; \(archive.path) has \(archive.byteCount.grouped) bytes")
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

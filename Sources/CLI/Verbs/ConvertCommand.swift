import ModelZoo
import Reports

/// `zoo convert`
struct ConvertCommand: Command {
  private let files = Argument<[String]>.list(
    "FILE",
    help:
      "weight files or whole models: .h5, .keras, .weights.h5 or .weights.json of Keras, also in a .zip or .gz, .pth or .safetensors of PyTorch, .npz, .onnx; with --dtype an archive, too"
  )
  private let output = Option<String>.required(
    "output", short: "o", value: "ARCHIVE|DIR", .output,
    help: "where to write the archive (.zoo.safetensors); of several files, the folder for all")
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
      "features are the output of this layer; what is behind it is left out with its tensors, of weights alone, too"
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
  private let prove = Flag(
    "prove", help: "read file and archive again and compare them; keep only what is proved")
  private let verbose = Flag("verbose", help: "list every difference and every mismatch")
  private let type = Option.optional(
    "dtype", value: "TYPE", .choice(["f32", "f16", "bf16"]),
    help: "store kernels as TYPE (default: as in the file); f16 and bf16 take half the space")

  let name = "convert"
  let abstract = "convert weight files into archives"
  let discussion = """
    The network, the Keras version that wrote the file, the kernel order and the graph variant are found from the \
    content, never from the file name, and printed with the reasons. The file must have every tensor of the network in \
    its shape, and no others; otherwise nothing is written and all mismatches are listed. Values that are not finite and \
    variances below zero are copied unchanged, with a warning.

    A whole model, saved with its architecture, is converted by its own graph, with its classifier: zoo predict can use \
    the result at once. If the graph computes the same as a network of the catalog, it gets that network's name.

    Several files, or one with a folder as the output, become archives in the folder, named after the files. What cannot \
    be converted is listed with the reason, and the rest is converted all the same; two files for one archive are refused \
    before anything is written.

    With --prove, file and archive are opened anew before the archive is in place. Every tensor must have the file's \
    values, and both networks must give the same features of generated pictures, of a whole model by the graph that the \
    file itself describes. If not, the archive is removed, and what was there before stays.

    With --dtype, numbers are rounded to the nearest value of that type, ties to even; a number too large for the type \
    is refused. Biases and the statistics of normalisation layers stay f32. Archives, trained models among them, can be \
    converted to another type in the same way.
    """
  let example = """
    zoo convert weights_notop.h5 -o backbone.zoo.safetensors
    zoo convert model.keras --prove -o model.zoo.safetensors
    zoo convert weights.h5 model.keras -o archives/
    zoo convert backbone.zoo.safetensors --dtype bf16 -o half.zoo.safetensors
    """
  var declarations: [any CommandArgument] {
    [
      files, output, entry, architecture, graph, kernels, dropTop, layer, labels, preprocessing,
      interpolation,
      type, prove, verbose, Common.zoo, Common.json,
    ]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    let inputs = [arguments[architecture], arguments[labels]].compactMap(\.self)
    let (files, output) = (arguments[files], arguments[output])
    if files.count > 1 || output.hasSuffix("/") || FileRole(output) == .folder {
      return try convertAll(files, into: output, reading: inputs, arguments, console)
    }
    let file = files[0]
    try arguments.refuseOverwriting([file] + inputs, by: output)
    try KnownEnding.check(output, contents: "an archive", "safetensors")
    let catalog = try arguments.catalog
    if let type = scalarType(arguments), try catalog.isArchive(file) {
      return try store(file, arguments, as: type, console)
    }
    let conversion = try conversion(file, arguments, catalog, console)
    let values = conversion.recognition.valueCount
    let progress = console.progress(
      "Converting", total: arguments[prove] ? 3 * values : values, unit: "value")
    var (report, proof): (ConversionReport, ConversionProof?)
    if arguments[prove] {
      (report, proof) = try catalog.writeProved(conversion, to: output) { progress.advance(by: $0) }
    } else {
      (report, proof) = (try conversion.write(to: output) { progress.advance(by: $0) }, nil)
    }
    progress.finish()
    warn(of: report, file, arguments, console)
    if arguments[Common.json] {
      console.print(ConversionView.json(report, proof))
    } else {
      let lines = ConversionView.lines(report, proof, file: file, isVerbose: arguments[verbose])
      for line in lines { console.print(line) }
    }
  }

  private func warn(of report: ConversionReport, _ file: String, _ arguments: Arguments, _ console: Console) {
    if let warning = report.unusualTensors.warning { console.warn("\(file): \(warning)") }
    for note in FlagHint.featureNotes(report.recognition) { console.warn("\(file): \(note)") }
    if arguments[dropTop], report.droppedLayers.isEmpty, report.recognition.featureNotes.isEmpty {
      console.warn("\(file): --drop-top left out nothing; \(reason(report.recognition))")
    }
  }

  /// Converts every file into a folder, and says at the end what came of each.
  private func convertAll(
    _ files: [String], into folder: String, reading inputs: [String], _ arguments: Arguments,
    _ console: Console
  ) throws {
    let batch = try ConversionBatch(files, into: folder, reading: inputs)
    let options = try options(arguments)
    let progress = console.progress("Converting", total: files.count, unit: "file")
    let job = batch.start(with: try arguments.catalog, options: options, isProved: arguments[prove])
    let report = try job.wait { event in
      if case .done = event { progress.advance() }
    }
    progress.finish()
    for result in report.results {
      if let report = result.report { warn(of: report, result.weightFile, arguments, console) }
    }
    if arguments[Common.json] {
      console.print(ConversionBatchView.json(report, arguments.words))
    } else {
      ConversionBatchView.print(report, arguments.words, on: console)
    }
    guard let first = report.failures.first?.failure else { return }
    throw SeveralFailures(
      verb: name, failures: report.failures.count, files: files.count, family: first.family)
  }

  /// Why nothing is left out.
  private func reason(_ recognition: Recognition) -> String {
    if recognition.givesNumbers, let end = recognition.featureEnd.first { return end.withOption }
    return "no classifier can be told from the network, so features are those of its last layer "
      + "(zoo features --layer takes those of an earlier one)"
  }

  private func options(_ arguments: Arguments) throws -> ConversionOptions {
    if arguments[labels] != nil, arguments[layer] != nil || arguments[dropTop] {
      throw UsageError.conflict(
        "--labels and --layer, --drop-top: give one of them, not both; the names are those of a classifier, which these leave out"
      )
    }
    return ConversionOptions(
      network: arguments[entry], architecture: arguments[architecture], graph: arguments[graph],
      kernels: arguments[kernels],
      dropsTop: arguments[dropTop], layer: arguments[layer],
      preprocessing: arguments[preprocessing].flatMap { Preprocessing.named[$0] },
      interpolation: arguments[interpolation],
      labels: try arguments[labels].map { try ClassLabels.read(contentsOf: $0) },
      scalarType: scalarType(arguments))
  }

  private func conversion(
    _ file: String, _ arguments: Arguments, _ catalog: NetworkCatalog, _ console: Console
  ) throws -> Conversion {
    let options = try options(arguments)
    do {
      return try catalog.conversion(of: file, options: options)
    } catch let error as ConversionError where arguments[verbose] {
      for line in error.list { console.complain(line) }
      throw error
    }
  }

  /// Writes an archive again, its numbers as `type`.
  private func store(
    _ file: String, _ arguments: Arguments, as type: ScalarType, _ console: Console
  ) throws {
    guard arguments[entry] == nil, arguments[architecture] == nil, arguments[graph] == nil,
      arguments[kernels] == nil, !arguments[dropTop], arguments[layer] == nil, arguments[labels] == nil,
      arguments[preprocessing] == nil, arguments[interpolation] == nil, !arguments[prove]
    else {
      throw UsageError.conflict(
        "--entry, --architecture, --graph, --kernels, --drop-top, --layer, --labels, --preprocessing, --interpolation, --prove: need a weight file; found an archive"
      )
    }
    let archive = try Archive(contentsOf: file)
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
        "\(stored.path): \(counted(stored.tensors.count, "tensor")) (\(ArchiveView.types(of: stored))), "
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

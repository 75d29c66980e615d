import ModelZoo
import Reports

/// `zoo export`
struct ExportCommand: Command {
  private let archive = Argument<String>.required(
    "ARCHIVE", help: "an archive written by zoo convert, or a trained model")
  private let format = Option<String>.required(
    "to", value: "FORMAT", .choice(["onnx", "npz", "keras-weights", "keras-h5", "keras", "torch"]),
    help: "the format to write")
  private let output = Option<String>.required(
    "output", short: "o", value: "FILE", .output, help: "where to write it")
  private let layer = Option.optional(
    "layer", value: "NAME", .text, help: "onnx: export the features of this layer (default: the last)")
  private let pooling = Option(
    "pool", value: "KIND", .choice(of: FeaturePooling.self), default: .automatic,
    help: "onnx: global pooling over the rows and columns of the features")
  private let size = Option.optional(
    "size", value: "N|HxW", .inputSize,
    help: "onnx: images have N x N pixels, or H rows and W columns (default: what the archive says)")
  private let preprocessing = Option.optional(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help: "onnx: how pixel values are scaled (default: as for the training of the weights)")
  private let leavesOutPreprocessing = Flag(
    "no-preprocessing", help: "onnx: the model reads preprocessed images, not pixels from 0 to 255")
  private let layout = Option(
    "layout", value: "ORDER", .choice(of: ONNXOptions.Layout.self), default: .nhwc,
    help: "onnx: axes of the input: nhwc: rows, columns, channels; nchw: channels first")
  private let batch = Option.optional(
    "batch", value: "N", .batch, help: "onnx: images in a batch: dynamic for any number (default), or N")

  private let era = Option<String?>.optional(
    "era", value: "ERA", .text,
    help:
      "keras-h5: keras1, keras2, tf.keras2, keras3, or a weight set that zoo list shows (default: as the converted file)"
  )

  private let leavesOutHead = Flag(
    "no-head", help: "torch: write a trained model's network without its head")

  let name = "export"
  let abstract = "write a network or a trained model in a format of another program"
  let discussion = """
    An ONNX model reads pixels, red, green and blue from 0 to 255, does the network's preprocessing itself, and gives \
    the features of an archive, pooled as zoo features pools them, or the probabilities of a trained model, one for \
    each of its labels. Its numbers are those of zoo features and zoo predict, up to rounding. Images must have been \
    resized: a model is for one size, since zeros around windows depend on it. Labels, size, preprocessing and the \
    source of the weights are in its metadata.

    Of more than 2 GB, weights go into a second file, FILE.data, that must lie beside the first.

    keras is a whole model that Keras 3 opens; it reads preprocessed images. The others have weights alone, of a \
    trained model with its head: keras-weights as Keras 3 saves them, keras-h5 as older Kerases do, in the layout of an \
    era, npz for NumPy, under the archive's names, and torch as safetensors under those of torchvision's network (of timm's, \
    where the weights came from there), for load_state_dict: with a head that is that network's classifier, or with --no-head. \
    What a format cannot hold is refused.
    """
  let example = """
    zoo export backbone.zoo.safetensors --to onnx -o features.onnx
    zoo export animals.zoo.safetensors --to onnx --batch 1 -o animals.onnx
    """
  var declarations: [any CommandArgument] {
    [
      archive, format, output, layer, pooling, size, preprocessing, leavesOutPreprocessing, layout, batch,
      era, leavesOutHead, Common.json,
    ]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    for path in [arguments[output], ModelExport.weightsPath(besides: arguments[output])] {
      try arguments.refuseOverwriting([arguments[archive]], by: path)
    }
    let format = try exportFormat(arguments)
    try check(arguments[output], format)
    let export = try ModelExport(
      contentsOf: arguments[archive],
      options: BackboneOptions(
        height: arguments[size]?.height, width: arguments[size]?.width, layer: arguments[layer],
        pooling: arguments[pooling],
        preprocessing: arguments[preprocessing].flatMap { Preprocessing.named[$0] }))
    for warning in export.warnings { console.warn(warning) }
    let progress = console.progress("Exporting", total: try export.valueCount(as: format), unit: "value")
    let shown = Locked(0)
    let summary = try export.start(to: arguments[output], as: format).wait { event in
      guard case .values(let done, _) = event else { return }
      progress.advance(by: done - shown.value)
      shown.value = done
    }
    progress.finish()
    for note in summary.notes { console.note(note) }
    if arguments[Common.json] {
      console.print(ExportView.json(summary, labels: export.labels))
    } else {
      let batch = arguments[batch].flatMap { $0 == 0 ? nil : $0 }
      for line in ExportView.lines(summary, batch: batch) { console.print(line) }
    }
  }

  /// Keras tells its two kinds of weight files by their names.
  private func check(_ path: String, _ format: ExportFormat) throws(UsageError) {
    let ending = "." + format.fileExtension
    let isVariables = path.lowercased().hasSuffix(".weights.h5")
    switch format {
    case .onnx, .npz, .keras, .torch:
      try KnownEnding.check(path, contents: format.contents, format.fileExtension)
    case .kerasWeights where !isVariables, .kerasH5 where isVariables || !path.lowercased().hasSuffix(ending):
      throw .conflict(
        "--output: the output is \(format.contents), which Keras knows by its name; expected one ending in \(ending)"
          + (isVariables ? " alone" : "") + ", found \(path)")
    case .kerasWeights, .kerasH5: break
    }
  }

  private func exportFormat(_ arguments: Arguments) throws(UsageError) -> ExportFormat {
    let isONNX = arguments[format] == "onnx"
    let own: [any CommandArgument] = [
      layer, pooling, size, preprocessing, leavesOutPreprocessing, layout, batch,
    ]
    if !isONNX, let option = own.first(where: arguments.isGiven) {
      throw .conflict(
        "\(option.declaration.label): is of onnx alone; the format \(arguments[format]) takes the archive as it is"
      )
    }
    if isONNX, arguments[preprocessing] != nil, arguments[leavesOutPreprocessing] {
      throw .conflict(
        "--preprocessing and --no-preprocessing: give one of them, not both; one says what is put in, the other leaves it out"
      )
    }
    if arguments[era] != nil, arguments[format] != "keras-h5" {
      throw .conflict("--era: is of keras-h5 alone; found --to \(arguments[format])")
    }
    if arguments[leavesOutHead], arguments[format] != "torch" {
      throw .conflict("--no-head: is of torch alone; found --to \(arguments[format])")
    }
    switch arguments[format] {
    case "npz": return .npz
    case "keras": return .keras
    case "torch": return .torch(leavesOutHead: arguments[leavesOutHead])
    case "keras-weights": return .kerasWeights
    case "keras-h5": return .kerasH5(era: arguments[era])
    default: return .onnx(onnxOptions(arguments))
    }
  }

  private func onnxOptions(_ arguments: Arguments) -> ONNXOptions {
    ONNXOptions(
      includesPreprocessing: !arguments[leavesOutPreprocessing], layout: arguments[layout],
      batchSize: arguments[batch].flatMap { $0 == 0 ? nil : $0 })
  }
}

extension ValueKind where Value == Int {
  /// `dynamic`, which is 0, or a number of images.
  fileprivate static var batch: Self {
    Self(
      expectation: "dynamic, or a number from 1 to 4096",
      parse: { text in
        if text == "dynamic" { return 0 }
        return Int(text).flatMap { 1...4096 ~= $0 ? $0 : nil }
      }, show: { $0 == 0 ? "dynamic" : "\($0)" })
  }
}

import ModelZoo
import Reports

/// `zoo export`
struct ExportCommand: Command {
  private let archive = Argument<String>.required(
    "ARCHIVE", help: "an archive written by zoo convert, or a trained model")
  private let format = Option<String>.required(
    "to", value: "FORMAT", .choice(["onnx"]), help: "the format to write")
  private let output = Option<String>.required(
    "output", short: "o", value: "FILE", .output, help: "where to write it")
  private let layer = Option.optional(
    "layer", value: "NAME", .text, help: "export the features of this layer (default: the last)")
  private let pooling = Option(
    "pool", value: "KIND", .choice(of: FeaturePooling.self), default: .automatic,
    help: "global pooling over the rows and columns of the features")
  private let size = Option.optional(
    "size", value: "N|HxW", .inputSize,
    help: "images have N x N pixels, or H rows and W columns (default: what the archive says)")
  private let preprocessing = Option.optional(
    "preprocessing", value: "MODE", .choice(Preprocessing.named.keys.sorted()),
    help: "how pixel values are scaled (default: as for the training of the weights)")
  private let leavesOutPreprocessing = Flag(
    "no-preprocessing", help: "the model reads preprocessed images, not pixels from 0 to 255")
  private let layout = Option(
    "layout", value: "ORDER", .choice(of: ONNXOptions.Layout.self), default: .nhwc,
    help: "axes of the input: nhwc: rows, columns, channels; nchw: channels first")
  private let batch = Option.optional(
    "batch", value: "N", .batch, help: "images in a batch: dynamic for any number (default), or N")

  let name = "export"
  let abstract = "write a network or a trained model in a format of another program"
  let discussion = """
    An ONNX model reads pixels, red, green and blue from 0 to 255, does the network's preprocessing itself, and gives \
    the features of an archive, pooled as zoo features pools them, or the probabilities of a trained model, one for \
    each of its labels. Its numbers are those of zoo features and zoo predict, up to rounding. Images must have been \
    resized: a model is for one size, since zeros around windows depend on it. Labels, size, preprocessing and the \
    source of the weights are in its metadata.

    Of more than 2 GB, weights go into a second file, FILE.data, that must lie beside the first.
    """
  let example = """
    zoo export backbone.zoo.safetensors --to onnx -o features.onnx
    zoo export animals.zoo.safetensors --to onnx --batch 1 -o animals.onnx
    """
  var declarations: [any CommandArgument] {
    [
      archive, format, output, layer, pooling, size, preprocessing, leavesOutPreprocessing, layout, batch,
      Common.json,
    ]
  }

  func run(_ arguments: Arguments, _ console: Console) throws {
    for path in [arguments[output], ModelExport.weightsPath(besides: arguments[output])] {
      try arguments.refuseOverwriting([arguments[archive]], by: path)
    }
    let format = ExportFormat.onnx(onnxOptions(arguments))
    try KnownEnding.check(arguments[output], contents: format.contents, format.fileExtension)
    let export = try ModelExport(
      contentsOf: arguments[archive],
      options: BackboneOptions(
        height: arguments[size]?.height, width: arguments[size]?.width, layer: arguments[layer],
        pooling: arguments[pooling],
        preprocessing: arguments[preprocessing].flatMap { Preprocessing.named[$0] }))
    for warning in export.warnings { console.warn(warning) }
    let progress = console.progress("Exporting", total: try export.valueCount, unit: "value")
    let shown = Locked(0)
    let summary = try export.start(to: arguments[output], as: format).wait { event in
      guard case .values(let done, _) = event else { return }
      progress.advance(by: done - shown.value)
      shown.value = done
    }
    progress.finish()
    if arguments[Common.json] {
      console.print(ExportView.json(summary, labels: export.labels))
    } else {
      for line in ExportView.lines(summary) { console.print(line) }
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

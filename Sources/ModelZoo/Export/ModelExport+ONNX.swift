import Catalog
import Encoding
import Files
import Images
import ONNX
import TensorArchive
import Tensors
import Training

extension ModelExport {
  /// Where the weights of an ONNX model go that are too large to be part of it.
  ///
  /// - Parameter path: the model.
  public static func weightsPath(besides path: String) -> String { path + ".data" }

  func writeONNX(
    to path: String, _ options: ONNXOptions, _ progress: (Int, Int) throws -> Void
  ) throws -> ExportSummary {
    var network = try network()
    let parameters = try exportedParameters()
    let total = parameters.reduce(0) { $0 + $1.shape.elementCount }
    let model = try onnxModel(&network, options)
    let writer = ONNXWriter(model, producer: ("model-zoo", Release.version)) { [network] in
      try network.tensor(named: $0)
    }
    let isSplit = writer.isSplit(limit: min(options.largestModelByteCount, ONNXWriter.messageByteCount))
    let weights = isSplit ? Self.weightsPath(besides: path) : nil
    if let weights { try refuseReplacing(weights) }
    var done = 0
    try writer.write(to: path, weights: weights) { values in
      done += values
      try progress(done, total)
    }
    return ExportSummary(
      path: path, weightsPath: weights,
      byteCount: try [path, weights].compactMap(\.self).reduce(0) {
        $0 + (try FileFacts(path: $1).byteCount)
      },
      tensorCount: parameters.count, valueCount: total,
      input: .init(name: ONNXModel.inputName, shape: TensorShape(model.inputExtents)),
      output: .init(name: model.outputName, shape: TensorShape(model.outputExtents)), kind: output, notes: [])
  }

  private func onnxModel(_ network: inout ExportedNetwork, _ options: ONNXOptions) throws -> ONNXModel {
    let ending = ending(of: &network)
    let input = ONNXModel.Input(
      shape: backbone.inputShape, isChannelsFirst: options.layout == .nchw,
      preprocessing: options.includesPreprocessing ? backbone.recipe.preprocessing : nil,
      batch: options.batchSize)
    let source = network
    var onnx = try ONNXModel(
      network.layers, name: backbone.identifier, input: input, ending: ending, outputName: output.rawValue,
      parameters: { try source.tensor(named: $0) })
    onnx.metadata = metadata(options)
    return onnx
  }

  /// What becomes of the head's outputs for there to be a probability for each label.
  private func ending(of network: inout ExportedNetwork) -> ONNXModel.Ending {
    guard let head = model?.head else { return .plain }
    let isSingle = head.outputCount == 1
    switch head.probabilityRule {
    case .asTheyAre: return isSingle ? .complement : .plain
    case .activation(let activation):
      network.appendActivation(activation)
      return isSingle ? .complement : .plain
    case .shares where isSingle:
      network.appendActivation(.relu(maxValue: 1))
      return .complement
    case .shares: return .shares
    }
  }
}

extension ModelExport {
  /// What the model says of itself: texts, in JSON where they are no words.
  private func metadata(_ options: ONNXOptions) -> [(name: String, text: String)] {
    let recipe = backbone.recipe
    var texts: [(String, String?)] = [
      ("network", backbone.identifier), ("title", backbone.title), ("graph", backbone.graphVariant),
      ("output", output.rawValue), ("layer", backbone.options.layer),
      ("pooling", backbone.options.pooling.rawValue),
      ("labels", labels.isEmpty ? nil : JSON.array(labels.map(JSON.string)).compact),
      ("image_size", JSON.array([.integer(recipe.height), .integer(recipe.width)]).compact),
      ("interpolation", recipe.interpolation.rawValue), ("color_mode", recipe.colorMode.rawValue),
      ("input", options.includesPreprocessing ? "pixels from 0 to 255" : "preprocessed pixels"),
      ("preprocessing", Self.json(recipe.preprocessing).compact),
      ("archive_sha256", model?.file?.digest ?? backbone.digest),
    ]
    if let source = backbone.source {
      texts += [
        ("source_file", source.fileName), ("source_sha256", source.digests.sha256),
        ("source_era", source.era),
        ("converter", source.converter), ("licence", source.licence), ("attribution", source.attribution),
      ]
    }
    return texts.compactMap { name, text in text.map { (name, $0) } }
  }

  private static func json(_ preprocessing: Preprocessing) -> JSON {
    [
      "mode": .string(preprocessing.label), "channels": .string(preprocessing.channelOrder.rawValue),
      "divisor": JSON(preprocessing.divisor), "mean": .array(preprocessing.mean.map { JSON($0) }),
      "deviation": .array(preprocessing.deviation.map { JSON($0) }),
      "sample": .string(preprocessing.sample.rawValue),
    ]
  }
}

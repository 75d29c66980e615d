import Catalog
import Files
import HDF5
package import WeightConversion

/// The forms in which Keras saves weights.
package enum KerasFileForm: String, Hashable, Sendable {
  /// Of a whole model or of weights alone, as all Kerases wrote it: `.h5`.
  case legacyHDF5 = "keras-hdf5"
  /// A whole model: `.keras`.
  case archive = "keras-zip"
  /// Weights by the attributes that lead to them: `.weights.h5`.
  case variables = "keras-weights-hdf5"
  /// The same in several files, and the list of them: `.weights.json`.
  case shards = "keras-weights-json"

  /// What stands behind "saved by Keras" and a comma.
  package var words: String {
    switch self {
    case .legacyHDF5: "legacy HDF5"
    case .archive: "a '.keras' archive"
    case .variables: "'.weights.h5'"
    case .shards: "'.weights.json' and the files it lists"
    }
  }
}

/// A weight file of Keras, of any form.
package protocol KerasSource: WeightSource {
  var form: KerasFileForm { get }
}

extension KerasSource {
  package var formName: String { form.rawValue }
  package var formWords: String { form.words }
  package var isWholeModel: Bool { facts.architecture != nil }

  /// How many layers it has, those of models inside the model among them; where only names tell, those without weights that are inside
  /// one are not known.
  package var layerCount: Int {
    if let architecture = facts.architecture, let tree = KerasLayerTree(json: architecture) {
      return tree.layerCount
    }
    return facts.layerNames.count { !facts.nestedModels.contains($0) }
      + layers.count { $0.path.count > 1 && !facts.layerNames.contains($0.name) }
  }

  /// Throws where numbers are weights only together with others: a scale, an adapter.
  func refuseRoundedOrAdapted() throws(KerasWeightsError) {
    for layer in layers {
      for tensor in layer.tensors where [.int8, .uint8].contains(tensor.scalarType) && tensor.shape.rank > 0 {
        throw .unsupportedLayout(
          path: path,
          layout: "the layer \(layer.name) has weights that were rounded to 8 bits (\(tensor.path))",
          advice: "save the model as it was before quantize()")
      }
      for tensor in layer.tensors where tensor.name.contains("/lora_") {
        throw .unsupportedLayout(
          path: path, layout: "the layer \(layer.name) has an adapter beside its weights (\(tensor.name))",
          advice: "save the model as '.keras', which adds the one to the others")
      }
    }
  }
}

/// Opens weight files of Keras: what they are is told from their content.
package enum KerasWeights {
  /// Opens and takes apart the file at `path`: a file of weights, or an archive with one such file in it.
  ///
  /// - Parameters:
  ///   - architecture: what `model.to_json()` wrote of the model, for a file of weights that does not say.
  ///   - targets: networks whose layers a file may have that names none.
  package static func open(
    _ path: String, architecture: String? = nil, targets: ConversionTargets = []
  ) throws -> any KerasSource {
    guard !FileFacts.isFolder(path) else {
      throw notWeights(FileFacts(folder: path))
    }
    let source = try open(
      try readingFile { () throws(FileError) in try FileBytes(path: path) }, architecture, depth: 0)
    return try (source as? KerasVariables)?.named(after: targets) ?? source
  }

  /// An archive in an archive, and no deeper.
  private static let greatestDepth = 2

  private static func open(
    _ bytes: FileBytes, _ architecture: String?, depth: Int
  ) throws(KerasWeightsError) -> any KerasSource {
    let facts = try facts(of: bytes)
    switch facts.kind {
    case .hdf5: return try openHDF5(bytes, architecture)
    case .container(.zip), .model(.keras):
      let archive = try readingFile { () throws(FileError) in try ZipArchive(bytes) }
      if let folder = KerasArchive.folder(in: archive) {
        return try KerasArchive.open(archive, folder, bytes, architecture)
      }
      guard depth < greatestDepth else { throw notWeights(facts) }
      return try open(try PackedWeights.only(in: archive, bytes), architecture, depth: depth + 1)
    case .container(.gzip) where depth < greatestDepth:
      let unpacked = try readingFile { () throws(FileError) in try PackedWeights.unzipped(bytes) }
      return try open(unpacked, architecture, depth: depth + 1)
    case .json:
      guard let shards = try KerasShards(bytes) else { throw notWeights(facts) }
      return try shards.open(architecture)
    default: throw notWeights(facts)
    }
  }

  private static func openHDF5(_ bytes: FileBytes, _ architecture: String?) throws(KerasWeightsError)
    -> any KerasSource
  {
    let file = try reading { () throws(HDF5Error) in try HDF5File(bytes) }
    let root = file.root
    let isLegacy =
      ["layer_names", "layer_names0", "nb_layers"].contains { root.hasAttribute($0) }
      || root.hasChild("model_weights")
    let isByAttributes = ["layers", "_layer_checkpoint_dependencies", "vars"].contains { root.hasChild($0) }
    guard isByAttributes, !isLegacy else { return try KerasFile(file, in: bytes, architecture: architecture) }
    return try KerasVariables([file], in: bytes, .variables, architecture: architecture)
  }

  private static func facts(of bytes: FileBytes) throws(KerasWeightsError) -> FileFacts {
    try readingFile { () throws(FileError) in
      try FileFacts(path: bytes.name, byteCount: bytes.byteCount) { (offset, count) throws(FileError) in
        try bytes.bytes(at: offset, count: count)
      }
    }
  }

  /// What a file is instead that holds no weights of Keras.
  static func notWeights(_ facts: FileFacts) -> KerasWeightsError {
    guard case .model(let format) = facts.kind, format.canBeRead else {
      return .file(.notHDF5(path: facts.path, finding: facts.explanation))
    }
    return .unsupportedLayout(path: facts.path, layout: format.words, advice: format.advice)
  }
}

/// Runs `body`, whose errors are those of the file.
func readingFile<Result>(_ body: () throws(FileError) -> Result) throws(KerasWeightsError) -> Result {
  do throws(FileError) { return try body() } catch { throw .bytes(error) }
}

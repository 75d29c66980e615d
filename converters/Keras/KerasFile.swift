import Catalog
package import Files
import HDF5
package import WeightConversion

/// A legacy Keras weight file, taken apart: layers in the file's order, each with its tensors. Nothing has
/// been read but names and shapes.
package struct KerasFile: KerasSource {
  package let contents: FileBytes
  package var form: KerasFileForm { .legacyHDF5 }
  private let file: HDF5File
  package let facts: SourceFacts
  package let layers: [SourceLayer]
  /// Whether the weights lie under `/model_weights`.
  package let isWholeModel: Bool

  /// Takes apart the file whose bytes are `contents`.
  ///
  /// - Parameter architecture: that of the model, for a file that has none.
  init(
    _ file: HDF5File, in contents: FileBytes, architecture: String? = nil
  ) throws(KerasWeightsError) {
    let path = contents.name
    let weights = try Self.weightsGroup(of: file)
    let names = try Self.names("layer_names", of: weights)
    guard let names else { throw try Self.foreignLayout(file) }
    try Self.checkUnique(names, "layer_names", path: path, place: path)
    var layers: [SourceLayer] = []
    var facts = SourceFacts(layerNames: names)
    facts.architecture = try Self.text("model_config", [file.root]) ?? architecture
    var types = UntypedNumbers(path, facts.architecture)
    for name in names {
      let found = try SourceLayer.layers(named: name, in: weights, path: path, &types)
      if found.count > 1 { facts.nestedModels.append(name) }
      layers += found
    }
    facts.writerVersion = try Self.text("keras_version", [weights, file.root])
    facts.backend = try Self.text("backend", [weights, file.root])
    facts.origin = try Self.text(WeightOrigin.attribute, [file.root]).flatMap { WeightOrigin(Array($0.utf8)) }
    facts.training = try Self.text("training_config", [file.root])
    if file.root.hasChild("optimizer_weights") { facts.others.append("the optimizer's state") }
    (self.file, self.contents, self.facts, self.layers) = (file, contents, facts, layers)
    isWholeModel = weights.path != "/"
    try refuseRoundedOrAdapted()
  }

  package func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {
    let dataset = try file.root.dataset(tensor.path, opaqueAs: UntypedNumbers.type)
    guard dataset.shape == tensor.shape, dataset.scalarType == tensor.scalarType else {
      throw KerasWeightsError.damaged(place: path, reason: "the file changes while it is read")
    }
    try dataset.read(into: &buffer)
  }

  package func leftAside() throws -> LeftAside {
    try StrayDatasets([file], listed: Set(layers.flatMap(\.tensors).map(\.path))) {
      $0.path == "/" && $1 == "optimizer_weights"
    }.found
  }

  /// Keras's own rule, and split lists besides: the root, unless only `/model_weights` has the names.
  private static func weightsGroup(of file: HDF5File) throws(KerasWeightsError) -> HDF5Group {
    let root = file.root
    let hasNames = root.hasAttribute("layer_names") || root.hasAttribute("layer_names0")
    guard !hasNames, root.kind(of: "model_weights") == .group else { return root }
    return try reading { () throws(HDF5Error) -> HDF5Group in try root.group("model_weights") }
  }

  /// The first string of that name among the groups' attributes.
  private static func text(_ name: String, _ groups: [HDF5Group]) throws(KerasWeightsError) -> String? {
    for group in groups {
      if let text = try reading({ () throws(HDF5Error) in try group.string(name) }) { return text }
    }
    return nil
  }

  /// A list of names, which Keras splits into `<name>0`, `<name>1`... when it outgrows one attribute.
  static func names(_ name: String, of group: HDF5Group) throws(KerasWeightsError) -> [String]? {
    try reading { () throws(HDF5Error) -> [String]? in
      if let whole = try group.strings(name) { return whole }
      var parts: [String]?
      for index in 0..<(1 << 12) {
        guard let part = try group.strings("\(name)\(index)") else { break }
        parts = (parts ?? []) + part
      }
      return parts
    }
  }

  /// Refuses a list with a name twice, and one with names that only their Unicode form tells apart.
  static func checkUnique(
    _ names: [String], _ list: String, path: String, place: String
  ) throws(KerasWeightsError) {
    guard Set(names).count < names.count else { return }
    guard Set(names.map { Array($0.utf8) }).count == names.count else {
      throw .damaged(place: place, reason: "'\(list)' has a name twice")
    }
    let name = names.indices.first { names[..<$0].contains(names[$0]) }.map { names[$0] } ?? ""
    throw .unsupportedLayout(
      path: path, layout: "names that differ in their Unicode form alone: \(name) is in '\(list)' twice",
      advice: "give every layer a name of its own")
  }

  /// What a file without `layer_names` is instead.
  private static func foreignLayout(_ file: HDF5File) throws(KerasWeightsError) -> KerasWeightsError {
    let root = file.root
    if root.hasAttribute("nb_layers") {
      return .unsupportedLayout(
        path: file.path, layout: "the layout of Keras 0.x, which numbers layers and does not name them",
        advice: "load and save the weights once with Keras 1")
    }
    let children = try reading { () throws(HDF5Error) in try root.childNames() }
    return .notKeras(path: file.path, found: Array(children.prefix(8)))
  }
}

extension Conversion {
  /// Opens the file at `path` and finds out what it is; throws unless it can be converted.
  package init(
    path: String, targets: ConversionTargets, options: ConversionOptions = ConversionOptions()
  ) throws {
    let architecture = try options.architecture.map { try EntryCatalog.text(ofArchitecture: $0) }
    let source = try KerasWeights.open(path, architecture: architecture, targets: targets)
    try self.init(of: source, targets: targets, options: options)
  }
}

/// Runs `body`, whose errors are those of the file.
func reading<Result>(_ body: () throws(HDF5Error) -> Result) throws(KerasWeightsError) -> Result {
  do throws(HDF5Error) { return try body() } catch { throw .file(error) }
}

/// The same for what the file's own lists name, and which must therefore be there.
func readingListed<Result>(_ body: () throws(HDF5Error) -> Result) throws(KerasWeightsError) -> Result {
  do throws(HDF5Error) {
    return try body()
  } catch {
    guard case .missing(let place, let what) = error else { throw .file(error) }
    throw .damaged(place: place, reason: "no \(what) here, which the file's own list names")
  }
}

import Catalog
package import Files
import HDF5
import Synchronization
import Tensors
package import WeightConversion

/// Weights as Keras 3 keeps them, by the attributes that lead to each variable: those in a `.keras` file, in `.weights.h5`, or in
/// several such files.
package struct KerasVariables: KerasSource {
  package let contents: FileBytes
  package let form: KerasFileForm
  package private(set) var facts: SourceFacts
  package private(set) var layers: [SourceLayer]
  private let datasets: [String: HDF5Dataset]
  let tree: VariableTree
  private let files: [HDF5File]
  private let integrity: Integrity
  /// What is packed with the weights.
  private var companions: PackedCompanions?

  /// - Parameters:
  ///   - contents: the file on the disk, or what is the file inside another.
  ///   - architecture: what `model.to_json()` wrote of the model, where it is known.
  ///   - integrity: what is to be verified ahead of the first element that is read.
  init(
    _ files: [HDF5File], in contents: FileBytes, _ form: KerasFileForm, architecture: String?,
    integrity: Integrity = Integrity()
  ) throws(KerasWeightsError) {
    (self.contents, self.form, self.files, self.integrity) = (contents, form, files, integrity)
    var trees: [VariableTree] = []
    var earlier = 0
    for file in files {
      trees.append(try VariableTree(file, after: earlier))
      earlier += file.byteCount
    }
    guard let first = trees.first else { throw .notKeras(path: contents.name, found: []) }
    tree = trees.dropFirst().reduce(first) { $0.merged(with: $1) }
    let path = contents.name
    let binding: LayerBinding
    var names: [String]?
    if let architecture {
      guard let model = KerasLayerTree(json: architecture) else {
        if let problem = KerasLayerTree.problem(with: architecture) {
          throw .unsupportedLayout(path: path, layout: problem, advice: "save a model without that")
        }
        throw .damaged(
          place: path, reason: "expected the architecture of a model of layers as JSON, found something else")
      }
      binding = try LayerBinding(model, tree, path: path)
      names = model.layers?.map(\.name)
    } else {
      binding = LayerBinding(named: tree, path: path) ?? LayerBinding(unnamed: tree, path: path)
    }
    (layers, datasets) = (binding.layers, binding.datasets)
    var types = UntypedNumbers(path, architecture)
    for layer in layers {
      for tensor in layer.tensors where datasets[tensor.path]?.hasAssumedType ?? false {
        try types.require(tensor.name, of: layer.path[0])
      }
    }
    facts = SourceFacts(layerNames: names ?? binding.layers.map(\.name))
    if names == nil { facts.unweightedLayers = tree.namesWithoutVariables }
    facts.nestedModels = binding.nestedModels
    facts.architecture = architecture
    if files.contains(where: { $0.root.hasChild("optimizer") }) {
      facts.others.append("the optimizer's state")
    }
    let told = try files.first.map { file throws(KerasWeightsError) in
      try reading { () throws(HDF5Error) in try file.root.string(WeightOrigin.attribute) }
    }
    facts.origin = (told ?? nil).flatMap { WeightOrigin(Array($0.utf8)) }
    let isEarly = tree["_layer_checkpoint_dependencies"] != nil
    facts.earliestWriterVersion = isEarly ? "2.12.0" : "3.0.0"
    try refuseRoundedOrAdapted()
  }

  /// The same with the version of Keras that the file gives, and the files that are packed with it.
  func written(
    by version: String?, preprocessing: String?, beside companions: PackedCompanions
  ) -> KerasVariables {
    var copy = self
    copy.companions = companions
    copy.facts.writerVersion = version
    copy.facts.preprocessing = preprocessing.flatMap { Preprocessing.named[$0] }
    return copy
  }

  /// The same with other names.
  func renamed(_ binding: LayerBinding) -> KerasVariables {
    var copy = self
    copy.layers = binding.layers
    copy.facts.layerNames = binding.layers.map(\.name)
    copy.facts.nestedModels = binding.nestedModels
    return copy
  }

  package func read(_ tensor: SourceTensor, into buffer: inout MutableRawSpan) throws {
    try integrity.verify()
    guard let dataset = datasets[tensor.path] ?? besides(tensor) else {
      throw KerasWeightsError.damaged(place: path, reason: "no variable \(tensor.path)")
    }
    try dataset.read(into: &buffer)
  }

  /// A dataset that is no weight.
  private func besides(_ tensor: SourceTensor) -> HDF5Dataset? {
    files.lazy.compactMap { try? $0.root.dataset(tensor.path) }.first
  }

  package func leftAside() throws -> LeftAside {
    var found = try StrayDatasets(files, listed: Set(datasets.keys), isPassedOver: Self.isNoTensor).found
    try companions?.add(to: &found)
    return found
  }

  /// What training alone heeds: the states of the optimizer, of metrics and of random numbers, and counters.
  private static func isNoTensor(_ group: HDF5Group, _ child: String) -> Bool {
    if group.path == "/" {
      return ["optimizer", "loss", "metrics"].contains(child) || child.hasPrefix("_compile")
        || child.hasPrefix("_metric")
    }
    guard group.path.hasSuffix("/vars"), let dataset = try? group.dataset(child),
      !dataset.scalarType.isFloatingPoint
    else { return false }
    return dataset.shape.rank == 0 || group.path.contains("/seed_generator")
  }
}

/// Verifies something once, when it is needed first.
final class Integrity: Sendable {
  private let check: @Sendable () throws(FileError) -> Void
  private let isVerified = Mutex(false)

  init(_ check: @escaping @Sendable () throws(FileError) -> Void = { () throws(FileError) in }) {
    self.check = check
  }

  func verify() throws(FileError) {
    guard !isVerified.withLock({ $0 }) else { return }
    try check()
    isVerified.withLock { $0 = true }
  }
}

import Catalog
import Encoding
import Files
import KerasWeights
import TensorArchive
import Tensors
import Training
import WeightConversion

extension ModelExport {
  /// Writes `.weights.h5`.
  func writeVariables(to path: String, _ progress: (Int, Int) throws -> Void) throws -> ExportSummary {
    let weights = try ExportedWeights(self)
    // A graph that today's Keras does not build is refused, as in a legacy file.
    if model == nil { _ = try layout(of: target(weights), era: "keras3") }
    let file = VariableWeightFile(
      weights.kerasLayers(), modelName: backbone.identifier, origin: untoldOrigin)
    let total = weights.valueCount
    var done = 0
    try file.write(to: path) {
      try weights.values(of: $0)
    } written: {
      done += $0.shape.elementCount
      try progress(done, total)
    }
    return try summary(of: path, weights)
  }

  /// Writes `.keras`: the graph from the preprocessed image to the output.
  func writeKeras(to path: String, _ progress: (Int, Int) throws -> Void) throws -> ExportSummary {
    let weights = try ExportedWeights(self, ofGraph: true)
    let layers = weights.kerasLayers(withSlashes: false)
    let shape = backbone.inputShape
    let text = try LayerGraph(layers: layers.map(\.layer))
      .kerasText(name: backbone.identifier, height: shape[0], width: shape[1])
    guard text.problems.isEmpty else {
      throw ModelZooError.notInKeras(network: backbone.identifier, problems: text.problems)
    }
    let file = KerasModelFile(
      architecture: text.json, weights: VariableWeightFile(layers, modelName: backbone.identifier),
      preprocessing: preprocessing)
    let total = weights.valueCount
    var done = 0
    try file.write(to: path) {
      try weights.values(of: $0)
    } written: {
      done += $0.shape.elementCount
      try progress(done, total)
    }
    let renamed = weights.names(in: layers)
    let (input, output) = try weights.ends
    return ExportSummary(
      path: path, weightsPath: nil, byteCount: try FileFacts(path: path).byteCount,
      tensorCount: weights.parameters.count, valueCount: total,
      input: .init(name: layers.first?.layer.name ?? "", shape: input),
      output: .init(name: layers.last?.layer.name ?? "", shape: output), kind: self.output,
      notes: [preprocessingNote] + (renamed.isEmpty ? [] : [Self.note(of: renamed)]))
  }

  private var preprocessing: Preprocessing { backbone.network.preprocessing }

  private var preprocessingNote: String {
    "what it reads is preprocessed by '\(preprocessing.label)', which "
      + (KerasModelFile.says(preprocessing)
        ? "its metadata say and Keras does not do" : "the file does not say")
  }

  private static func note(of renamed: [(own: String, exported: String)]) -> String {
    "Keras takes no slash in a layer's name: \(counted(renamed.count, "layer")) have _ there, such as "
      + "\(renamed[0].exported) for \(renamed[0].own)"
  }

  /// Writes a legacy file in the layout of an era.
  func writeLegacy(
    to path: String, era: String?, _ progress: (Int, Int) throws -> Void
  ) throws -> ExportSummary {
    let weights = try ExportedWeights(self)
    let target = try target(weights)
    let layout = try layout(of: target, era: era)
    let file = try LegacyWeightFile(target, layout: layout, hasCounters: true, origin: untoldOrigin)
    let names = model == nil ? [:] : weights.namesByKeras
    let total = weights.valueCount
    var done = 0
    try file.write(to: path) { parameter in
      var own = parameter
      own.layer = names[parameter.layer] ?? parameter.layer
      return try weights.values(of: own)
    } written: {
      done += $0.shape.elementCount
      try progress(done, total)
    }
    return try summary(of: path, weights)
  }

  /// The network with all layouts that are known for it: those of the catalog where it is one of its networks, unless a head is behind it.
  private func target(_ weights: ExportedWeights) throws -> ConversionTarget {
    let entry = backbone.network.entry
    if model == nil, let known = try? ConversionTarget(backbone.identifier, of: .embedded),
      known.json == entry.json
    {
      return known
    }
    let layers = weights.kerasLayers()
    let own = layers.flatMap { layer, parameters in
      parameters.map {
        Parameter(layer: layer.name, role: $0.role, shape: $0.shape, isTrainable: $0.isTrainable)
      }
    }
    return ConversionTarget(
      identifier: backbone.identifier, title: backbone.title, parameters: own, variants: [],
      json: entry.json, weightSets: try WeightSet.ofAnyNetwork())
  }

  /// The weight set that an era or a tag names; without, that of the source, or today's.
  private func layout(of target: ConversionTarget, era: String?) throws -> WeightSet {
    let isOwn = target.variants.isEmpty
    // An archive that names none is of the graph that is written out.
    let graph = backbone.graphVariant ?? target.variants.first
    let sets = target.weightSets
    let fitting = sets.filter { isOwn || $0.graph == graph }
    guard let era else {
      let source = backbone.source?.details["weightSet"]
      let usual = fitting.first { $0.tag == source } ?? fitting.last { $0.era == .keras3 } ?? fitting.first
      if let usual { return usual }
      throw noLayout("any era", among: [], fitting)
    }
    func names(_ set: WeightSet) -> Bool { set.tag == era || set.era.rawValue == era }
    if let found = fitting.first(where: { $0.tag == era }) ?? fitting.first(where: names) { return found }
    throw noLayout(era, among: sets.filter(names), fitting)
  }

  /// - Parameters:
  ///   - era: what was asked for.
  ///   - others: sets of that which belong to other graphs.
  ///   - fitting: those that could be written.
  private func noLayout(
    _ era: String, among others: [WeightSet], _ fitting: [WeightSet]
  ) -> ModelZooError {
    .noLayout(
      network: backbone.identifier, era: era, graph: backbone.graphVariant,
      graphs: Set(others.compactMap(\.graph)).sorted(), known: fitting.map(\.tag))
  }
}

package import Catalog
import Files
import Tensors
package import WeightConversion

/// A file with PyTorch's names at full size, with values from a seed, as one of a network's weight sets lays it out: for trials without
/// real weights. Values go by PyTorch's names of modules.
package struct SyntheticStateDictionary: Sendable {
  private let layout: StateDictionaryLayout
  /// What PyTorch calls each layer.
  private let groups: [String: String]
  private let seed: UInt64

  /// - Parameters:
  ///   - target: the network with the graph of `set`.
  ///   - classes: how many outputs its classifier has, the layers ahead of which have 16; nil for none.
  package init(_ target: ConversionTarget, _ set: WeightSet, seed: UInt64, classes: Int? = nil) throws {
    let entry = try CatalogEntry(json: target.json, file: target.identifier)
    let graph = try entry.graph(variant: set.graph)
    let binding = try WeightBinding(of: set, layers: target.layers, siblings: target.weightSets)
    var groups = Dictionary(binding.groups.map { ($0.layer, $0.group) }) { first, _ in first }
    var parameters = target.parameters
    let features = try graph.activationShapes(
      height: entry.defaultSize.height, width: entry.defaultSize.width
    ).last
    let names = classes == nil ? [] : (set.classifier ?? []).compactMap(\.first)
    let input = set.classifierReads ?? .pooled
    var (inputs, convolutions) = (features?.dimensions.last ?? 0, [String: TensorShape]())
    for (index, name) in names.enumerated() {
      let outputs = index == names.count - 1 ? classes ?? 0 : 16
      groups[name] = name
      let kernel =
        index > 0 ? [inputs, outputs] : input.kernelShape(reading: features ?? [], outputs: outputs)
      if let listed = set.classifier?[index], WeightSet.isConvolution(listed) {
        convolutions[name] = (index == 0 ? input : .pooled).convolutionShape(
          features, inputs: inputs, outputs: outputs)
      }
      for (role, shape) in [("kernel", kernel), ("bias", [outputs])] {
        parameters.append(Parameter(layer: name, role: role, shape: shape, isTrainable: true))
      }
      inputs = outputs
    }
    let flattened = input == .flattened ? names.first.flatMap { name in features.map { (name, $0) } } : nil
    layout = StateDictionaryLayout(
      graph, parameters, groups: groups, flattened: flattened, convolutions: convolutions,
      layerScale: set.layerScale)
    self.groups = groups
    self.seed = seed
  }

  /// Writes the file, complete or not at all; the same seed gives the same bytes.
  package func write(to path: String) throws {
    let values = SyntheticWeights(seed: seed)
    try StateDictionaryFile(layout) { _ in .float32 }.write(to: path) { entry, bytes in
      guard let parameter = entry.parameter else { return }
      let group = groups[parameter.layer] ?? ""
      bytes.write(floats: values.values(layer: group, role: parameter.role, shape: parameter.shape))
    }
  }
}

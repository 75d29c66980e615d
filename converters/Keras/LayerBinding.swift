import Catalog
import HDF5
import WeightConversion

/// Which layer of a model owns which variables.
struct LayerBinding {
  /// In the model's order.
  private(set) var layers: [SourceLayer] = []
  /// By the tensors' paths.
  private(set) var datasets: [String: HDF5Dataset] = [:]
  /// The models inside the model.
  private(set) var nestedModels: [String] = []
  private let path: String
  /// Whether an architecture says what the layers are; else every object with variables is one.
  private let isByArchitecture: Bool

  /// By the architecture, as Keras itself finds them: the first layer of a class is the first group of that name.
  init(_ model: KerasLayerTree, _ tree: VariableTree, path: String) throws(KerasWeightsError) {
    (self.path, isByArchitecture) = (path, true)
    try add(model, tree, models: [])
  }

  /// By the names that Keras noted; nil where it noted none.
  init?(named tree: VariableTree, path: String) {
    (self.path, isByArchitecture) = (path, false)
    let found = OwnedVariables.inOrder(of: tree)
    guard found.allSatisfy({ $0.name != nil }) else { return nil }
    for owner in found { add(owner, name: owner.name ?? "") }
  }

  /// By the names that `names` has for where they are kept; the others by those that Keras noted, or else by where they are kept.
  init(unnamed tree: VariableTree, path: String, names: [String: String] = [:]) {
    (self.path, isByArchitecture) = (path, false)
    let taken = Set(names.values)
    for owner in OwnedVariables.inOrder(of: tree) {
      let own = owner.name.flatMap { taken.contains($0) ? nil : $0 }
      add(owner, name: names[owner.tree.path] ?? own ?? String(owner.tree.path.dropFirst()))
    }
  }

  private mutating func add(_ owner: OwnedVariables, name: String) {
    for model in owner.models where !nestedModels.contains(model) { nestedModels.append(model) }
    let roles = KerasLayerTree.roles(ofStem: owner.stem, count: owner.tree.variables.count)
    add(name, owner.tree, roles: roles, models: owner.models)
  }

  private mutating func add(_ model: KerasLayerTree, _ tree: VariableTree, models: [String])
    throws(KerasWeightsError)
  {
    for (layer, found) in try pairs(model.layers ?? [], tree.layers ?? [], place: tree.path) {
      let inner = layer.wrapped.first ?? layer
      // A layer that applies two, as in both directions, keeps neither under that name.
      let wrapped = layer.wrapped.isEmpty ? nil : found["layer"]
      let owner = wrapped ?? found
      if inner.layers == nil || wrapped == nil && !layer.wrapped.isEmpty {
        if let type = inner.quantization {
          throw .unsupportedLayout(
            path: path, layout: "the layer \(inner.name) has weights that were rounded to \(type)",
            advice: "save the model as it was before quantize()")
        }
        let isKnown = layer.wrapped.isEmpty || wrapped != nil
        add(layer.name, owner, roles: isKnown ? inner.roles : nil, models: models)
      } else {
        nestedModels.append(layer.name)
        try add(inner, owner, models: models + [layer.name])
      }
    }
  }

  /// Every layer with the group that keeps its variables. A group is called after a layer's class and its rank among layers of
  /// that class; only those with variables count, which every Keras keeps.
  private func pairs(
    _ layers: [KerasLayerTree], _ groups: [VariableTree], place: String
  ) throws(KerasWeightsError) -> [(KerasLayerTree, VariableTree)] {
    let stored = Dictionary(grouping: groups.filter(\.hasVariables)) { AutoNumberedName($0.key).stem }
    let kept = layers.filter(\.hasWeights)
    let wanted = Dictionary(grouping: kept, by: \.stem)
    var found: [String: VariableTree] = [:]
    for (stem, groups) in stored {
      let groups = groups.sorted { AutoNumberedName($0.key).number < AutoNumberedName($1.key).number }
      var layers = wanted[stem] ?? []
      // Of a class that is not known, a layer may be without any.
      if layers.count != groups.count { layers = layers.filter(\.surelyHasWeights) }
      guard layers.count == groups.count else {
        throw .otherArchitecture(
          place: "\(path) \(place)",
          reason:
            "expected \(wanted[stem]?.count ?? 0) layers '\(stem)' with weights, as the architecture has, "
            + "found \(groups.count)")
      }
      for (layer, group) in zip(layers, groups) { found[layer.name] = group }
    }
    if let missing = kept.first(where: { $0.roles?.isEmpty == false && found[$0.name] == nil }) {
      throw .otherArchitecture(
        place: "\(path) \(place)",
        reason: "expected the weights of '\(missing.name)', which the architecture has")
    }
    return kept.compactMap { layer in found[layer.name].map { (layer, $0) } }
  }

  private mutating func add(_ layer: String, _ tree: VariableTree, roles: [String]?, models: [String]) {
    var tensors: [SourceTensor] = []
    for (index, dataset) in tree.variables.enumerated() {
      let role = roles.flatMap { index < $0.count ? $0[index] : nil }
      tensors.append(SourceTensor(dataset, named: "\(layer)/\(role ?? "\(index)")", role: role))
      datasets[dataset.path] = dataset
    }
    if isByArchitecture { addInner(of: tree, named: layer, to: &tensors) }
    guard !tensors.isEmpty else { return }
    layers.append(SourceLayer(name: layer, tensors: tensors, path: models + [layer]))
  }

  /// The variables of what a layer consists of, the cell of a recurrent one or the projections of attention: tensors of the layer.
  private mutating func addInner(of tree: VariableTree, named name: String, to tensors: inout [SourceTensor])
  {
    for child in tree.children {
      for (index, dataset) in child.variables.enumerated() {
        tensors.append(SourceTensor(dataset, named: "\(name)/\(child.key)/\(index)", role: nil))
        datasets[dataset.path] = dataset
      }
      addInner(of: child, named: "\(name)/\(child.key)", to: &tensors)
    }
  }
}

extension SourceTensor {
  fileprivate init(_ dataset: HDF5Dataset, named name: String, role: String?) {
    self.init(
      name: name, path: dataset.path, shape: dataset.shape, scalarType: dataset.scalarType, role: role)
  }
}

/// Variables, and what can be told of their owner without an architecture.
struct OwnedVariables {
  let tree: VariableTree
  /// The owner's name, where Keras noted it.
  let name: String?
  /// What Keras calls such an object: `conv2d`.
  let stem: String
  /// Where the list lies that the owner is in.
  let container: String
  /// The names of the models that it is in, outermost first.
  let models: [String]

  /// All of them, as they were written: in a list, those of a class by their numbers; otherwise by their places in the file.
  static func inOrder(of tree: VariableTree) -> [OwnedVariables] {
    let written = all(in: tree, models: []).sorted { $0.tree.place < $1.tree.place }
    var ordered = written
    let lists = Dictionary(grouping: written.indices) { [written[$0].container, written[$0].stem] }
    for places in lists.values {
      let numbered = places.sorted { (written[$0].number, $0) < (written[$1].number, $1) }
      for (place, member) in zip(places, numbered) { ordered[place] = written[member] }
    }
    return ordered
  }

  /// Among the objects of its class in its list.
  private var number: Int { AutoNumberedName(tree.key).number }

  private static func all(in tree: VariableTree, models: [String]) -> [OwnedVariables] {
    tree.children.flatMap { all($0, in: tree, models: models) }
  }

  private static func all(_ tree: VariableTree, in parent: VariableTree, models: [String]) -> [OwnedVariables]
  {
    let isList = tree.key == "layers" || tree.key == "_layer_checkpoint_dependencies"
    let inside = tree.layers == nil ? models : models + [tree.name ?? tree.key]
    let below = isList ? all(in: tree, models: models) : all(in: tree, models: inside)
    guard !tree.variables.isEmpty else { return below }
    // What stands in a wrapper goes by the wrapper's name.
    let owner = tree.key == "layer" ? parent : tree
    let stem = tree.key == "layer" ? "" : AutoNumberedName(tree.key).stem
    return [OwnedVariables(tree: tree, name: owner.name, stem: stem, container: parent.path, models: models)]
      + below
  }
}

import Catalog
import Tensors
package import WeightConversion

extension KerasVariables {
  /// The same with layers named as those of the one network among `targets` whose layers have just these shapes, class by class
  /// in their order; as it is where none has, or where an architecture has named the layers.
  ///
  /// This is how Keras itself finds the variables of a layer, whatever it is called: the n-th layer of a class owns the n-th group
  /// of that class.
  package func named(after targets: ConversionTargets) throws -> KerasVariables {
    guard facts.architecture == nil else { return self }
    let found = OwnedVariables.inOrder(of: tree)
    let possible = try targets.contained(in: self)
    let names = OwnedVariables.models(among: found).flatMap { owners in
      possible.compactMap { Self.names(of: owners, in: $0) }
    }.max { $0.count < $1.count }
    guard let names else { return self }
    return renamed(LayerBinding(unnamed: tree, path: path, names: names))
  }

  /// The layer's name for the path of every group that belongs to the network; nil where one does not fit.
  private static func names(of owners: [OwnedVariables], in target: ConversionTarget) -> [String: String]? {
    guard let entry = try? CatalogEntry(json: target.json, file: target.identifier),
      let graph = try? entry.graph(variant: entry.writtenVariant)
    else { return nil }
    let shapes = Dictionary(grouping: target.parameters, by: \.layer).mapValues { $0.map(\.shape) }
    let groups = Dictionary(grouping: owners, by: \.stem)
    var names: [String: String] = [:]
    for (stem, places) in Dictionary(
      grouping: graph.placesOfWeights.filter { shapes[$0.layer] != nil }, by: \.stem)
    {
      guard let groups = groups[stem], groups.count >= places.count else { return nil }
      for (place, group) in zip(places, groups) {
        guard group.tree.variables.map(\.shape) == shapes[place.layer] else { return nil }
        names[group.tree.path] = place.layer
      }
    }
    return names
  }
}

extension OwnedVariables {
  /// What each model owns, with the models inside it: of a model and of each in it.
  fileprivate static func models(among owners: [OwnedVariables]) -> [[OwnedVariables]] {
    Set(owners.map(\.container)).sorted().map { list in
      owners.filter { $0.container == list || $0.container.hasPrefix(list + "/") }
    }
  }
}

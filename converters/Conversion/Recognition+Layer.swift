import Catalog
import Encoding

extension Recognition {
  /// The same with features that are the output of a layer, of a file that does not describe its graph: the network of the catalog up
  /// to there, without the tensors above.
  ///
  /// - Parameter layer: as the network calls it, or the file one that has weights; nil for no cut.
  /// - Throws: where a file that fits has no such layer, or where nothing was learnt up to it.
  func ending(at layer: String?, _ file: any WeightSource) throws -> Recognition {
    guard let layer else { return self }
    let entry = try CatalogEntry(json: target.json, file: target.identifier)
    let whole = try entry.graph(variant: graph)
    guard let name = name(of: layer, in: whole) else {
      // Of a file that is nothing known there is more to say than that.
      guard fits else { return self }
      let nearest = nearestLayer(to: layer, in: whole.layers.map(\.name))
      let others = whole.layers.dropFirst().map(\.name).reversed().filter { $0 != nearest }.prefix(4)
      throw ConversionError.unknownLayer(
        path: file.path, layer: layer, known: [nearest].compactMap(\.self) + others)
    }
    guard try whole.truncated(at: name).hasSums else {
      throw ConversionError.noFeatures(path: file.path, layer: layer)
    }
    guard name != whole.layers.last?.name else {
      return saying("features are \(name), the last layer, as asked")
    }
    return try cut(entry.cut(at: name, variant: graph), at: name)
  }

  private func name(of layer: String, in graph: LayerGraph) -> String? {
    graph[layer]?.name ?? alignment.sourceLayers.filter { $0.value == layer }.map(\.key).min()
  }

  private func saying(_ sentence: String) -> Recognition {
    var recognition = self
    recognition.reasons.append(.featureEnd(sentence, other: nil))
    return recognition
  }

  private func cut(_ entry: CatalogEntry, at name: String) throws -> Recognition {
    let parameters = try ArchivedNetwork(entry: entry, variant: nil).parameters()
    let kept = Set(parameters.map(\.layer))
    let target = ConversionTarget(
      identifier: entry.identifier, title: entry.title, parameters: parameters, variants: [],
      json: entry.json,
      weightSets: target.weightSets)
    let above = Set(
      alignment.sourceLayers.filter { !kept.contains($0.key) }.values)
    let rest = Alignment(
      pairs: alignment.pairs.filter { kept.contains($0.parameter.layer) },
      sourceLayers: alignment.sourceLayers.filter { kept.contains($0.key) },
      missing: alignment.missing.filter { kept.contains($0.layer) }, unused: alignment.unused,
      top: alignment.top, axisOrder: axisOrder)
    let mismatch = ConversionMismatch(
      target: "\(entry.identifier) (weight set \(layout.tag))", rest, kernels: kernels)
    var recognition = Recognition(
      target: target, layout: layout, graph: nil, axisOrder: axisOrder, kernels: kernels, reasons: reasons,
      topLayers: above.sorted() + topLayers, mismatch: mismatch, graphDifferences: graphDifferences,
      alignment: rest, known: known)
    recognition.images = images
    let count = counted(kept.count, "layer")
    return recognition.saying(
      "features are \(name), as asked: \(count) with weights lead to it, \(above.count.grouped) above are left out"
    )
  }
}

import Encoding
import HDF5
import Tensors
import WeightConversion

extension SourceLayer {
  /// The layers the group `name` holds: none without weights, several when it is a model of its own.
  static func layers(
    named name: String, in weights: HDF5Group, path: String, _ types: inout UntypedNumbers
  ) throws(KerasWeightsError) -> [SourceLayer] {
    // A leading slash does not lead to the root: Keras means the layer's group.
    let name = String(name.trimmingPrefix("/"))
    let group = try readingListed { () throws(HDF5Error) in try weights.group(name) }
    guard let names = try KerasFile.names("weight_names", of: group) else {
      throw .damaged(place: "\(path) \(group.path)", reason: "a layer without the attribute 'weight_names'")
    }
    try KerasFile.checkUnique(names, "weight_names", path: path, place: "\(path) \(group.path)")
    if names.isEmpty { try refuseUnlisted(of: name, in: group, path: path) }
    var tensors: [SourceTensor] = []
    for tensor in names { tensors.append(try SourceTensor(tensor, of: name, in: group, &types)) }
    return split(tensors, group: name)
  }

  /// Throws where a layer that lists no weights has some. A layer's name may lead through another's group: `block` and `block/conv`.
  private static func refuseUnlisted(of name: String, in group: HDF5Group, path: String)
    throws(KerasWeightsError)
  {
    let found = try reading { () throws(HDF5Error) in
      try group.datasetPaths { $0.hasAttribute("weight_names") || $0.hasAttribute("weight_names0") }
    }
    guard let first = found.first else { return }
    throw .damaged(
      place: "\(path) \(group.path)",
      reason:
        "the layer '\(name)' lists no weights, expected those that are there: \(counted(found.count, "dataset")), \(first)"
    )
  }

  /// A group whose tensors name several layers is a model inside the model.
  private static func split(_ tensors: [SourceTensor], group: String) -> [SourceLayer] {
    guard !tensors.isEmpty else { return [] }
    var order: [String] = []
    var members: [String: [SourceTensor]] = [:]
    var isModel = true
    for tensor in tensors {
      var layer = WeightName(tensor.name).prefix
      if tensor.role == nil, layer.isEmpty { isModel = false }
      if layer.hasPrefix(group + "/") { layer.removeFirst(group.count + 1) }
      if members[layer] == nil { order.append(layer) }
      members[layer, default: []].append(tensor)
    }
    guard isModel, order.count > 1 else { return [SourceLayer(name: group, tensors: tensors)] }
    return order.map { SourceLayer(name: $0, tensors: members[$0] ?? [], path: [group, $0]) }
  }
}

extension SourceTensor {
  fileprivate init(
    _ name: String, of layer: String, in group: HDF5Group, _ types: inout UntypedNumbers
  ) throws(KerasWeightsError) {
    let dataset = try readingListed { () throws(HDF5Error) in
      try group.dataset(name, opaqueAs: UntypedNumbers.type)
    }
    if dataset.hasAssumedType { try types.require(name, of: layer) }
    self.init(
      name: name, path: dataset.path, shape: dataset.shape, scalarType: dataset.scalarType,
      role: WeightName(name).role)
  }
}

import HDF5
package import Tensors

/// A layer that has weights.
package struct KerasLayer: Hashable, Sendable {
  package let name: String
  package let tensors: [KerasTensor]
}

/// A tensor, and where it is.
package struct KerasTensor: Hashable, Sendable {
  /// As `weight_names` has it: `conv1/kernel:0`.
  package let weightName: String
  /// Absolute inside the file: `/conv1/conv1/kernel:0`.
  package let path: String
  package let shape: TensorShape
  package let scalarType: ScalarType
  /// The role its name tells, if it does.
  package let role: String?
}

extension KerasLayer {
  /// The layers the group `name` holds: none without weights, several when it is a model of its own.
  static func layers(
    named name: String, in weights: HDF5Group, path: String
  ) throws(KerasWeightsError) -> [KerasLayer] {
    // A leading slash does not lead to the root: Keras means the layer's group.
    let name = String(name.trimmingPrefix("/"))
    let group = try readingListed { () throws(HDF5Error) in try weights.group(name) }
    guard let names = try KerasFile.names("weight_names", of: group) else {
      throw .damaged(place: "\(path) \(group.path)", reason: "a layer without the attribute 'weight_names'")
    }
    guard Set(names).count == names.count else {
      throw .damaged(place: "\(path) \(group.path)", reason: "'weight_names' has a name twice")
    }
    var tensors: [KerasTensor] = []
    for name in names { tensors.append(try KerasTensor(name, in: group)) }
    return split(tensors, group: name)
  }

  /// A group whose tensors name several layers is a model inside the model.
  private static func split(_ tensors: [KerasTensor], group: String) -> [KerasLayer] {
    guard !tensors.isEmpty else { return [] }
    var order: [String] = []
    var members: [String: [KerasTensor]] = [:]
    for tensor in tensors {
      var layer = WeightName(tensor.weightName).prefix
      if layer.hasPrefix(group + "/") { layer.removeFirst(group.count + 1) }
      if members[layer] == nil { order.append(layer) }
      members[layer, default: []].append(tensor)
    }
    let isModel = order.count > 1 && tensors.allSatisfy { $0.role != nil }
    guard isModel else { return [KerasLayer(name: group, tensors: tensors)] }
    return order.map { KerasLayer(name: $0, tensors: members[$0] ?? []) }
  }
}

extension KerasTensor {
  fileprivate init(_ name: String, in group: HDF5Group) throws(KerasWeightsError) {
    let dataset = try readingListed { () throws(HDF5Error) in try group.dataset(name) }
    self.init(
      weightName: name, path: dataset.path, shape: dataset.shape, scalarType: dataset.scalarType,
      role: WeightName(name).role)
  }
}

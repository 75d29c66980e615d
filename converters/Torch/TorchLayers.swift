import Tensors
import WeightConversion

/// Groups the tensors of a state dictionary by the module they belong to, and tells what each is by its name, and by its neighbours:
/// `weight` is a kernel, or what a normalisation multiplies by.
enum TorchLayers {
  /// A tensor with its name in the dictionary, the name without wrappers' prefixes, and where to find it.
  struct Named {
    let name: String
    let plainName: String
    let shape: TensorShape
    let scalarType: ScalarType
  }

  /// The modules in the order of their first tensors.
  static func layers(_ tensors: [Named]) -> [SourceLayer] {
    var order: [String] = []
    var members: [String: [(leaf: String, tensor: Named)]] = [:]
    for tensor in tensors {
      let (module, leaf) = parts(of: tensor.plainName)
      if members[module] == nil { order.append(module) }
      members[module, default: []].append((leaf, tensor))
    }
    return order.map { module in
      let own = members[module] ?? []
      let isNormalization = own.contains { $0.leaf == "weight" && $0.tensor.shape.rank == 1 }
      return SourceLayer(
        name: module,
        tensors: own.map { leaf, tensor in
          SourceTensor(
            name: tensor.plainName, path: tensor.name, shape: tensor.shape, scalarType: tensor.scalarType,
            role: role(
              of: leaf, isNormalization: isNormalization || own.contains { $0.leaf == "running_mean" }))
        })
    }
  }

  /// `layer1.0.conv1` and `weight` of `layer1.0.conv1.weight`.
  private static func parts(of name: String) -> (module: String, leaf: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  private static func role(of leaf: String, isNormalization: Bool) -> String {
    switch leaf {
    case "weight": isNormalization ? "gamma" : "kernel"
    case "bias": isNormalization ? "beta" : "bias"
    case "running_mean": "moving_mean"
    case "running_var": "moving_variance"
    case "num_batches_tracked": "count"
    case "layer_scale", "gamma": "gamma"
    // A role of no layer: what has an unknown name is no parameter, whatever its shape.
    default: "." + leaf
    }
  }
}

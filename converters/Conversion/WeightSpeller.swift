package import Catalog

/// Spells a weight's name as the Kerases of a weight set did.
package struct WeightSpeller {
  private let set: WeightSet

  package init(_ set: WeightSet) { self.set = set }

  /// The name of a layer's weight; `kernelRank` counts the file's kernels from 1.
  package func name(layer: String, role: String, kernelRank: Int?) -> String {
    if role == "kernel", let pattern = set.kernelNames, let kernelRank {
      return pattern.replacing("{rank}", with: "\(kernelRank)")
    }
    let spelling =
      switch set.era {
      case .keras1: Self.oldSpelling(of: role)
      case .pytorch: Self.pyTorchSpelling(of: role)
      case .keras2, .tfKeras2, .keras3: role
      }
    return set.weightNames.replacing("{layer}", with: layer).replacing("{role}", with: spelling)
  }

  /// What PyTorch calls a parameter.
  package static func pyTorchSpelling(of role: String) -> String {
    switch role {
    case "bias", "beta": "bias"
    case "moving_mean": "running_mean"
    case "moving_variance": "running_var"
    default: "weight"
    }
  }

  private static func oldSpelling(of role: String) -> String {
    WeightName.oldSpellings.first { $0.value == role }?.key ?? role
  }

  /// A name from its role on: what is left when the layer's number does not count.
  static func ending(of name: String) -> String {
    let prefix = WeightName(name).prefix
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }
}

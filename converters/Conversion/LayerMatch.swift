import Catalog

/// Which layer of the file is which layer of the entry: by name, or by rank where Keras made the names up.
struct LayerMatch {
  /// By the entry's layer.
  let found: [String: SourceLayer]
  /// Names of the file's layers that nothing asked for.
  let leftOver: Set<String>

  init(_ layers: [SourceLayer], binding: WeightBinding) {
    let byName = Dictionary(layers.map { ($0.name, $0) }) { first, _ in first }
    // The second network of a session has numbers behind all its names.
    let numbered = Dictionary(
      layers.filter { $0.path.count > 1 }.map { (AutoNumberedName($0.name).stem, $0) }
    ) { first, _ in first }
    let ranked = Self.ranked(layers.map(\.name), stems: binding.autoNumbered)
    let wanted = Self.ranked(binding.groups.map(\.group), stems: binding.autoNumbered)
    var found: [String: SourceLayer] = [:]
    var left = Set(layers.map(\.name))
    for (layer, group) in binding.groups {
      var name = group
      if let rank = wanted[group] {
        guard let numbered = ranked.first(where: { $0.value == rank })?.key else { continue }
        name = numbered
      }
      guard let match = byName[name] ?? numbered[name] else { continue }
      found[layer] = match
      left.remove(match.name)
    }
    self.found = found
    leftOver = left
  }

  private struct Rank: Hashable {
    let stem: String
    let position: Int
  }

  /// The position of every auto-numbered name among those of its stem.
  private static func ranked(_ names: [String], stems: Set<String>) -> [String: Rank] {
    var result: [String: Rank] = [:]
    let numbered = names.map { ($0, AutoNumberedName($0)) }.filter { stems.contains($0.1.stem) }
    for (stem, members) in Dictionary(grouping: numbered, by: \.1.stem) {
      for (position, member) in members.sorted(by: { $0.1.number < $1.1.number }).enumerated() {
        result[member.0] = Rank(stem: stem, position: position)
      }
    }
    return result
  }
}

/// Which tensor of a layer is which parameter: by the role its name tells, by its place where no name tells. One tensor whose
/// name does not tell takes the one role that is left.
struct RoleMatch {
  var pairs: [Alignment.Pair] = []
  var missing: [Parameter] = []
  var unused: [SourceTensor] = []

  init(_ tensors: [SourceTensor], wanted: [Parameter]) {
    var left = tensors
    if tensors.count >= wanted.count, tensors.allSatisfy({ $0.role == nil }) {
      pairs = zip(wanted, tensors).map { Alignment.Pair(parameter: $0, tensor: $1) }
      unused = Array(tensors.dropFirst(wanted.count))
      return
    }
    let kernels = wanted.filter { $0.role.hasSuffix("kernel") }
    for parameter in wanted {
      // Keras 3 calls the one kernel of a depthwise convolution as it calls any other's.
      let spellings = kernels == [parameter] ? [parameter.role, "kernel"] : [parameter.role]
      if let index = spellings.lazy.compactMap({ role in left.firstIndex { $0.role == role } }).first {
        pairs.append(Alignment.Pair(parameter: parameter, tensor: left.remove(at: index)))
      } else {
        missing.append(parameter)
      }
    }
    if let parameter = missing.first, let tensor = left.first, tensor.role == nil, missing.count == 1,
      left.count == 1
    {
      pairs.append(Alignment.Pair(parameter: parameter, tensor: tensor))
      missing = []
      left = []
    }
    unused = left
  }
}

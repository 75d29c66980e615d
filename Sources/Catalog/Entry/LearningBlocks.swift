/// The blocks of a network as one calls them who trains the last of them: by what the names of its layers say (`block_16_expand`,
/// `conv5_block3_1_conv`, `block7a_se_reduce`, `conv_dw_13`, `normal_conv_1_12`), else as the catalog divides it.
///
/// Layers behind the last block, such as a last convolution and its normalisation, belong to it.
package struct LearningBlocks {
  /// The names of the layers of every block, in the network's order; only of layers that learn.
  package let layers: [[String]]

  /// - Parameters:
  ///   - names: all layers, in the network's order.
  ///   - learning: those that have something to learn.
  ///   - catalog: the layers of every block as the catalog divides the network.
  package init(of names: [String], learning: Set<String>, dividedAs catalog: [[String]]) {
    let placement = Placement(names, catalog)
    var members: [String: [String]] = [:]
    var last: [String: Int] = [:]
    for (index, name) in names.enumerated() where learning.contains(name) {
      let block = placement.block(at: index)
      members[block, default: []].append(name)
      last[block] = index
    }
    layers = last.sorted { $0.value < $1.value }.compactMap { members[$0.key] }
  }

  /// The block that a layer's name says it belongs to.
  static func block(named name: String) -> String? {
    // One of many equal blocks; its other convolutions are numbered throughout the network.
    if let match = name.firstMatch(of: #/^(block(?:35|17|8)_\d+)_(?:mixed|conv|ac)$/#) {
      return String(match.1)
    }
    if let match = name.firstMatch(of: #/^(expanded_conv(?:_\d+)?)_[a-z]/#) { return String(match.1) }
    if let match = name.firstMatch(of: #/^(.*?block_?\d+[a-z]?)_/#) { return String(match.1) }
    if let match = name.firstMatch(of: #/^conv_(?:dw|pw|pad)_(\d+)/#) { return "conv_\(match.1)" }
    let cell = #/^(?:normal|reduction|adjust|separable_conv)_.*?_((?:stem_|reduce_)?\d+)$/#
    if let match = name.firstMatch(of: cell) { return "cell_\(match.1)" }
    return name.firstMatch(of: #/^(fire\d+)\//#).map { String($0.1) }
  }
}

/// Where layers belong whose names say nothing.
private struct Placement {
  private let named: [String?]
  /// The catalog's block of every layer; -1 for none.
  private let divided: [Int]
  private let lastNamed: Int?

  init(_ names: [String], _ catalog: [[String]]) {
    named = names.map { LearningBlocks.block(named: $0) }
    lastNamed = named.lastIndex { $0 != nil }
    let places = catalog.enumerated().flatMap { place, layers in layers.map { ($0, place) } }
    let known = Dictionary(places, uniquingKeysWith: { first, _ in first })
    divided = names.map { known[$0] ?? -1 }
  }

  /// A shortcut stands among the layers of its block: the next one that has a name says which, or else the one before.
  func block(at index: Int) -> String {
    if let own = named[index] { return own }
    if let lastNamed, index > lastNamed { return named[lastNamed] ?? "" }
    let next = named.indices[index...].first { named[$0] != nil && divided[$0] == divided[index] }
    let before = named.indices[..<index].last { named[$0] != nil && divided[$0] == divided[index] }
    if divided[index] != divided[0], let place = next ?? before, let block = named[place] { return block }
    return "\(divided[index])"
  }
}

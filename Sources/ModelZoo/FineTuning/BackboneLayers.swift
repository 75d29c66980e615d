import Catalog
import Encoding
import Training

/// Which layers of a backbone are trained with a head.
public enum BackboneLayers: Hashable, Sendable {
  /// Every layer.
  case all
  /// The layer of this name, and all behind it in the network's order: Keras's
  /// `for layer in base.layers[i:]: layer.trainable = True`.
  case from(String)
  /// The layers whose names match a pattern, in which `*` stands for any letters and `?` for one.
  case matching(String)
  /// So many blocks at the end, by what the names of the layers say, else as the catalog divides the network; a last convolution
  /// or normalisation behind the last block belongs to it.
  case lastBlocks(Int)
}

extension BackboneLayers {
  /// The names of those layers of `graph` that have something to learn.
  ///
  /// - Parameter blocks: the names of the layers of every block, as the catalog divides the network.
  /// - Throws: `CatalogError.unknownLayer(_:nearest:)`, ``ModelZooError/unfreezing(expected:found:)``.
  func names(in graph: LayerGraph, blocks: [[String]], size: Extent) throws -> Set<String> {
    let parameters = try graph.parameters(height: size.height, width: size.width)
    // Moving averages go along with those that learn, also where a batch normalisation has nothing else.
    let learning = Set(
      parameters.filter { $0.isTrainable || $0.role == "moving_mean" }.map(\.layer))
    let names = graph.layers.map(\.name)
    let chosen: Set<String>
    switch self {
    case .all: chosen = Set(names)
    case .from(let name): chosen = Set(try Self.suffix(of: names, from: name))
    case .matching(let pattern):
      try Self.refuseHead(pattern, names)
      chosen = Set(names.filter { NetworkQuery.matches($0[...], pattern[...]) })
      guard !chosen.isEmpty else {
        throw ModelZooError.unfreezing(
          expected: "a pattern of layers' names, such as \(names.last(where: learning.contains) ?? "conv*")",
          found: "'\(pattern)', which is none's")
      }
    case .lastBlocks(let count):
      let learningBlocks = LearningBlocks(of: names, learning: learning, dividedAs: blocks).layers
      guard (1...max(1, learningBlocks.count)).contains(count) else {
        throw ModelZooError.unfreezing(expected: "1 to \(learningBlocks.count) blocks", found: "\(count)")
      }
      chosen = Set(learningBlocks.suffix(count).joined())
    }
    let result = chosen.intersection(learning).intersection(names)
    guard !result.isEmpty else {
      throw ModelZooError.unfreezing(expected: "a layer with parameters", found: "\(self), which has none")
    }
    return result
  }

  /// Whether they name the layer called `name`.
  func names(_ name: String) -> Bool {
    switch self {
    case .from(let first): name == first
    case .matching(let pattern): NetworkQuery.matches(name[...], pattern[...])
    case .all, .lastBlocks: false
    }
  }

  /// Refuses what summaries call a layer of the head.
  private static func refuseHead(_ name: String, _ names: [String]) throws {
    guard name.hasPrefix(HeadModel.prefix), !names.contains(where: { $0.hasPrefix(HeadModel.prefix) }) else {
      return
    }
    throw ModelZooError.unfreezing(
      expected: "layers of the backbone", found: "\(name), of the head, which is trained anyway")
  }

  private static func suffix(of names: [String], from name: String) throws -> [String] {
    try refuseHead(name, names)
    guard let index = names.firstIndex(of: name) else {
      throw CatalogError.unknownLayer(name, nearest: nearestLayer(to: name, in: names))
    }
    return Array(names[index...])
  }
}

extension BackboneLayers: CustomStringConvertible {
  /// `all`, `conv5_block1_1_conv and all behind it`, `block5_*`, `the last 2 blocks`.
  public var description: String {
    switch self {
    case .all: "all"
    case .from(let name): "\(name) and all behind it"
    case .matching(let pattern): pattern
    case .lastBlocks(let count): count == 1 ? "the last block" : "the last \(count) blocks"
    }
  }
}

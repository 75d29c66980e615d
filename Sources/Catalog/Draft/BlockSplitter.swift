/// Groups a network's layers into blocks: at the places where one value carries everything, and by the names.
///
/// A stretch with branches is a block of its own. Single layers between such stretches join the block that
/// their name says they belong to (`block3_conv1`, `fire2/squeeze1x1`), or run together.
struct BlockSplitter {
  private let layers: [Layer]

  init(_ layers: [Layer]) { self.layers = layers }

  /// The blocks in order; one that equals an earlier one says so.
  var blocks: [BlockRecord] {
    var drafts: [Draft] = []
    for stretch in stretches {
      let key = Self.commonKey(of: stretch)
      if let last = drafts.last, last.accepts(stretch, key: key) {
        drafts[drafts.count - 1].layers += stretch
      } else {
        let fallback = stretch.count > 1 ? stretch[stretch.count - 1].name : stretch[0].name
        let name = key ?? (drafts.isEmpty ? "stem" : fallback)
        drafts.append(Draft(name: name, key: key, isOpen: key == nil && stretch.count == 1, layers: stretch))
      }
    }
    return Self.claimingSiblings(drafts.map { BlockRecord(name: $0.name, layers: $0.layers) })
  }

  private struct Draft {
    var name: String
    /// The prefix its layers' names share.
    var key: String?
    /// Whether it is a run of single layers without a common prefix.
    var isOpen: Bool
    var layers: [Layer]

    func accepts(_ stretch: [Layer], key: String?) -> Bool {
      if let key { return self.key == key }
      return isOpen && stretch.count == 1
    }
  }

  /// The runs of layers that end where nothing earlier is read any more.
  private var stretches: [[Layer]] {
    var lastReader: [String: Int] = [:]
    for (index, layer) in layers.enumerated() {
      for input in layer.inputs { lastReader[input] = index }
    }
    var stretches: [[Layer]] = []
    var current: [Layer] = []
    var openUntil = 0
    for (index, layer) in layers.enumerated() {
      current.append(layer)
      if openUntil <= index {
        stretches.append(current)
        current = []
      }
      openUntil = max(openUntil, lastReader[layer.name] ?? 0)
    }
    return current.isEmpty ? stretches : stretches + [current]
  }

  /// The most frequent prefix among the names; of equally frequent ones the first.
  private static func commonKey(of layers: [Layer]) -> String? {
    let keys = layers.compactMap { key(of: $0.name) }
    var counts: [String: Int] = [:]
    for key in keys { counts[key, default: 0] += 1 }
    let most = counts.values.max()
    return keys.first { counts[$0] == most }
  }

  /// `conv2_block1` of `conv2_block1_1_conv`, `fire2` of `fire2/concat`.
  private static func key(of name: String) -> String? {
    if let match = name.firstMatch(of: #/^.*?block\d+/#) { return String(match.0) }
    return name.lastIndex(of: "/").map { String(name[..<$0]) }
  }

  private static func claimingSiblings(_ blocks: [BlockRecord]) -> [BlockRecord] {
    blocks.enumerated().map { index, block in
      guard block.layers.count > 1 else { return block }
      var claiming = block
      claiming.sameAs =
        blocks[..<index].first {
          $0.layers.count == block.layers.count
            && BlockComparison(block: block, sibling: $0).firstDifference == nil
        }?.name
      return claiming
    }
  }
}

/// The proof behind `sameAs`: two blocks are equal up to the names' prefixes and the value that enters them.
struct BlockComparison {
  var block: BlockRecord
  var sibling: BlockRecord

  /// The first difference: the index of a layer of `block` and what is wrong with it; nil when there is none.
  var firstDifference: (layer: Int, problem: String)? {
    guard block.layers.count == sibling.layers.count else {
      return (0, "\(block.name) has \(block.layers.count) layers, \(sibling.name) \(sibling.layers.count)")
    }
    let positions = Self.positions(of: block)
    let siblingPositions = Self.positions(of: sibling)
    var entering: (String, String)?
    for (index, (layer, other)) in zip(block.layers, sibling.layers).enumerated() {
      guard namesMatch(layer.name, other.name), layer.inputs.count == other.inputs.count,
        layer.computesTheSame(as: other)
      else {
        return (index, "\(layer.name) differs from \(other.name)")
      }
      for (input, otherInput) in zip(layer.inputs, other.inputs) {
        let position = positions[input]
        guard position == siblingPositions[otherInput] else {
          return (index, "\(layer.name) reads \(input) where \(other.name) reads \(otherInput)")
        }
        guard position == nil else { continue }
        if let entering, entering != (input, otherInput) {
          return (index, "\(layer.name) reads \(input); \(entering.0) entered the block before")
        }
        entering = (input, otherInput)
      }
    }
    return nil
  }

  /// Whether two names differ only in their blocks' prefix, or are one name numbered differently.
  private func namesMatch(_ name: String, _ other: String) -> Bool {
    if name.hasPrefix(block.name), other.hasPrefix(sibling.name),
      name.dropFirst(block.name.count) == other.dropFirst(sibling.name.count)
    {
      return true
    }
    return Self.withoutNumber(name) == Self.withoutNumber(other)
  }

  /// `conv2d` for `conv2d_17`, `mixed` for `mixed10`.
  private static func withoutNumber(_ name: String) -> Substring {
    let end = name.lastIndex { !$0.isNumber }.map(name.index(after:)) ?? name.startIndex
    guard end < name.endIndex else { return name[...] }
    return name[..<end].hasSuffix("_") ? name[..<end].dropLast() : name[..<end]
  }

  private static func positions(of block: BlockRecord) -> [String: Int] {
    Dictionary(block.layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }
}
